package io.farblock.blockdev.raid;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.dirty.DirtyMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where an array may have been written shortly before the power went, from the bitmaps of all its members that are
 * here; or why that cannot be told, and then everything must be compared. Immutable.
 *
 * <p>The member with the highest event count says which members the array still had; the bitmaps of those of them that
 * are as new (one event less is a power cut between two superblocks) are united. Members that dropped out earlier,
 * spares and journals are left aside. Each current member alone would do, since a write waits for the bit on all of
 * them: the union guards against a disk that lied.
 *
 * <p>A member that the newest one counts on may be missing, unless the missing ones together could have run the array
 * without those that are here: then they may know of later writes, and the answer is
 * {@link Unusable.Cause#MEMBERS_MISSING}.
 */
public final class WriteIntent
{
    private final List<MdBitmap> current;
    private final long arrayBytes;
    private final Unusable unusable;

    private WriteIntent(final List<MdBitmap> current, final long arrayBytes, final Unusable unusable)
    {
        this.current = current;
        this.arrayBytes = arrayBytes;
        this.unusable = unusable;
    }

    /** Reads the members; their order does not matter. */
    public static WriteIntent read(final List<? extends BlockDevice> members)
    {
        return of(members.stream().map(MdBitmap::read).toList());
    }

    /** From members that were read at the same time. */
    public static WriteIntent of(final List<MdBitmap> members)
    {
        try
        {
            final List<MdBitmap> current = currentOf(members);
            final long arrayBytes = current.get(0).arrayBytes();
            for (final MdBitmap member : current)
            {
                UnusableException.require(member.arrayBytes() == arrayBytes, Unusable.Cause.SIZE_MISMATCH,
                    member.member() + " knows an array of " + member.arrayBytes() + " bytes, " +
                    current.get(0).member() + " one of " + arrayBytes);
            }
            return new WriteIntent(current, arrayBytes, null);
        }
        catch (final UnusableException ex)
        {
            return new WriteIntent(List.of(), 0, ex.toUnusable("write-intent bitmap"));
        }
    }

    private static List<MdBitmap> currentOf(final List<MdBitmap> members) throws UnusableException
    {
        final MdBitmap newest = newestOf(members);
        final MdSuperblock authority = newest.superblock().orElseThrow();
        final List<MdBitmap> current = new ArrayList<>();
        final Set<Integer> missing = authority.activeNumbers();
        for (final MdBitmap member : members)
        {
            final MdSuperblock own = member.superblock().orElse(null);
            if (own != null && isCurrent(own, authority))
            {
                missing.remove(own.number());
                // what is still being rebuilt could not run the array, and its bitmap may have been added just now
                if (!own.has(MdSuperblock.FEATURE_RECOVERING))
                {
                    requireUsable(member);
                    current.add(member);
                }
            }
        }
        final long missingSlots = missing.stream().map(authority::slotOf).distinct().count();
        UnusableException.require(!current.isEmpty() && missingSlots < fewestThatRun(authority),
            Unusable.Cause.MEMBERS_MISSING, missingSlots + " of " + authority.raidDisks() + " members are missing " +
            "that may know of later writes than " + newest.member() + " (event " + authority.events() + ")");
        return List.copyOf(current);
    }

    private static boolean isCurrent(final MdSuperblock own, final MdSuperblock authority)
    {
        return own.slot() >= 0 && authority.slotOf(own.number()) >= 0 && authority.events() - own.events() <= 1;
    }

    private static void requireUsable(final MdBitmap member) throws UnusableException
    {
        if (member.unusable().isPresent())
        {
            throw new UnusableException(member.unusable().get().cause(), member.unusable().get().reason());
        }
    }

    private static MdBitmap newestOf(final List<MdBitmap> members) throws UnusableException
    {
        MdBitmap newest = null;
        for (final MdBitmap member : members)
        {
            final MdSuperblock own = member.superblock().orElse(null);
            if (own != null && own.slot() >= 0)
            {
                if (newest != null)
                {
                    UnusableException.require(own.array().equals(newest.superblock().orElseThrow().array()),
                        Unusable.Cause.FOREIGN, member.member() + " belongs to another array than " + newest.member());
                }
                newest = newest == null || own.events() > newest.superblock().orElseThrow().events() ? member : newest;
            }
        }
        if (newest == null)
        {
            final Optional<Unusable> first = members.stream().flatMap((m) -> m.unusable().stream()).findFirst();
            throw new UnusableException(first.map(Unusable::cause).orElse(Unusable.Cause.NO_SUPERBLOCK),
                first.map(Unusable::reason).orElse("no member that holds data was given"));
        }
        return newest;
    }

    /** The least number of members that the array can run on. */
    private static int fewestThatRun(final MdSuperblock array)
    {
        return switch (array.level())
        {
            case RAID1 -> 1;
            case RAID10 ->
            {
                final int copies = Raid10Layout.of(array.layout()).copies();
                yield (array.raidDisks() + copies - 1) / copies;
            }
            default -> array.raidDisks() - array.level().parityMembers();
        };
    }

    /** Why the bitmaps cannot be used; empty when they can. */
    public Optional<Unusable> unusable()
    {
        return Optional.ofNullable(unusable);
    }

    /** The members whose bitmaps are united; empty if they cannot be used. */
    public List<String> members()
    {
        return current.stream().map(MdBitmap::member).toList();
    }

    /** The uuid of the array, as sysfs shows it; empty if the bitmaps cannot be used. */
    public Optional<UUID> array()
    {
        return current.stream().flatMap((member) -> member.superblock().stream()).map(MdSuperblock::array).findFirst();
    }

    /** Size of the array; 0 if the bitmaps cannot be used. */
    public long arrayBytes()
    {
        return arrayBytes;
    }

    /** The shortest time that a bit of any of them lasts after its last write, in seconds; 0 if they are unusable. */
    public long timeBaseS()
    {
        return current.stream().mapToLong(MdBitmap::timeBaseS).min().orElse(0);
    }

    /** Where any of the bitmaps says that the array may have been written, member by member. */
    public List<ByteRange> dirtyRanges()
    {
        return current.stream().flatMap((member) -> member.dirtyRanges().stream()).toList();
    }

    /**
     * Marks in a map of the array all that may have been written. Only where {@link #unusable()} is empty: otherwise it
     * would mark nothing.
     *
     * @throws IllegalStateException when the bitmaps cannot be used.
     * @throws IllegalArgumentException when the map is smaller than the array.
     */
    public void addTo(final DirtyMap map)
    {
        if (unusable != null)
        {
            throw new IllegalStateException(unusable.reason() + "; compare everything instead");
        }
        current.forEach((member) -> member.addTo(map));
    }
}
