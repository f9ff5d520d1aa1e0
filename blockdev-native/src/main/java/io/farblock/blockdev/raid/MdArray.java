package io.farblock.blockdev.raid;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An array as the kernel described it at one moment. An immutable value; what the kernel did not say is empty, or -1
 * for numbers.
 *
 * @param name              "md0".
 * @param level             raid level.
 * @param layout            of the level's own meaning.
 * @param raidDisks         slots.
 * @param degraded          slots without a member in sync.
 * @param arrayState        the kernel's word: clean, active, readonly, inactive, …; empty when there is no array.
 * @param syncAction        the kernel's word: idle, resync, recover, check, repair, reshape, frozen.
 * @param progress          of that action.
 * @param resyncPending     the array was not stopped cleanly, and the resync has not been done or finished.
 * @param mismatchSectors   found to differ by the last check or repair.
 * @param consistencyPolicy what makes it consistent after a power cut: none, resync, bitmap, journal, ppl.
 * @param bitmap            the write-intent bitmap.
 * @param uuid              of the array; kernels before 6.0 do not say.
 * @param members           by name.
 */
public record MdArray(String name, RaidLevel level, int layout, int raidDisks, int degraded, String arrayState,
    String syncAction, SyncProgress progress, boolean resyncPending, long mismatchSectors, String consistencyPolicy,
    BitmapStatus bitmap, String uuid, List<ArrayMember> members)
{
    /** What is going on with the array. */
    public ArrayState state()
    {
        return ArrayState.of(this);
    }

    /** The same for people, in one line. */
    public String reason()
    {
        return ArrayReason.of(this);
    }

    /** Slots without a member that holds its data; while the array is rebuilt the slot that is being filled, too. */
    public int missingMembers()
    {
        if (degraded >= 0)
        {
            return degraded;
        }
        // RAID 0 and linear have no such attribute
        final boolean knowable = raidDisks > 0 && !members.isEmpty();
        return knowable ? Math.max(0, raidDisks - slotsInSync().size()) : 0;
    }

    /** Whether more members are missing than the level bears, or the kernel has given the array up. */
    public boolean hasFailed()
    {
        final Set<Integer> inSync = slotsInSync();
        return arrayState.equals("broken") || missingMembers() > 0 && switch (level)
        {
            case RAID0, LINEAR -> true;
            case RAID1 -> inSync.isEmpty();
            case RAID4, RAID5, RAID6 -> missingMembers() > level.parityMembers();
            case RAID10 ->
            {
                final Raid10Layout raid10 = Raid10Layout.of(layout);
                yield raid10.isPossible(raidDisks) && raid10.losesData(raidDisks, inSync::contains);
            }
            default -> false;
        };
    }

    /** Whether a spare or a replacement is being filled, or would be if recovery were not held. */
    public boolean isFilling()
    {
        return !members(ArrayMember.Role.REBUILDING).isEmpty() || !members(ArrayMember.Role.REPLACING).isEmpty();
    }

    /** Members in a role. */
    public List<ArrayMember> members(final ArrayMember.Role role)
    {
        return members.stream().filter((member) -> member.role() == role).toList();
    }

    private Set<Integer> slotsInSync()
    {
        return members(ArrayMember.Role.IN_SYNC).stream().map(ArrayMember::slot).filter((slot) -> slot >= 0)
            .collect(Collectors.toSet());
    }
}
