package io.farblock.raidsim.array;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.BitmapStatus;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.md.ArrayDescription;
import io.farblock.raidsim.md.MemberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Puts what an array knows of itself into the words that the kernel uses in sysfs. On any thread; a snapshot. */
record Description(ArrayDescription array, Slots slots, Membership membership, JournaledWrites journal,
    boolean hasBitmap, Upkeep upkeep)
{
    private static final long TIME_BASE_S = 1;

    MdArray toMdArray()
    {
        final boolean isStriped = array.level() == RaidLevel.RAID0;
        final String location = "+" + (MemberFormat.BITMAP_BYTE - MemberFormat.SUPERBLOCK_BYTE) / 512;
        final List<ArrayMember> members = members();
        // from the same look: else a disk that fails meanwhile is among the members that are out, and none is missing
        final long inSync = inSync(members);
        return new MdArray(array.name(), array.level(), array.layout(), array.raidDisks(),
            isStriped ? -1 : slots.count() - Long.bitCount(inSync), state(!slots.survives(inSync)),
            isStriped ? "" : upkeep.action(), upkeep.progress(),
            !isStriped && !membership.isInStep(), isStriped ? -1 : upkeep.mismatchSectors(), policy(),
            new BitmapStatus(hasBitmap ? location : "none", array.bitmapChunkBytes(), hasBitmap ? TIME_BASE_S : 0),
            array.array().toString(), members);
    }

    private String state(final boolean hasFailed)
    {
        return hasFailed ? "broken" : membership.isActive() ? "active" : "clean";
    }

    private String policy()
    {
        return array.level() == RaidLevel.RAID0 ? "none" : journal.isOn() ? "journal" :
            hasBitmap ? "bitmap" : "resync";
    }

    private List<ArrayMember> members()
    {
        final List<ArrayMember> members = new ArrayList<>();
        // of one moment: a disk that changes its place meanwhile is in one of them
        synchronized (slots)
        {
            for (int slot = 0; slot < slots.count(); slot++)
            {
                add(members, slots.member(slot), slot,
                    slots.replacement(slot) == null ? Set.of() : Set.of("want_replacement"));
                add(members, slots.replacement(slot), slot, Set.of("replacement"));
            }
            slots.spares().forEach((member) -> add(members, member, -1, Set.of("spare")));
            slots.faulty().forEach((member) -> add(members, member, -1, Set.of("faulty")));
        }
        return List.copyOf(members);
    }

    /** A bit for each slot. */
    private static long inSync(final List<ArrayMember> members)
    {
        return members.stream().filter((member) -> member.role() == ArrayMember.Role.IN_SYNC && member.slot() >= 0)
            .mapToLong((member) -> 1L << member.slot()).reduce(0, (mask, bit) -> mask | bit);
    }

    private static void add(
        final List<ArrayMember> members, final Member member, final int slot, final Set<String> words)
    {
        if (member != null)
        {
            final List<String> flags = new ArrayList<>(words);
            if (slot >= 0)
            {
                flags.add(member.isInSync() ? "in_sync" : "spare");
            }
            members.add(new ArrayMember(member.device.name(), slot, Set.copyOf(flags), member.corrected.get(),
                badBlocks(member)));
        }
    }

    /** The kernel counts from the begin of the disk, the array from the begin of its data there. */
    private static List<ByteRange> badBlocks(final Member member)
    {
        return member.bad.ranges().stream()
            .map((range) -> new ByteRange(member.dataOffset + range.offsetBytes(), range.lengthBytes())).toList();
    }
}
