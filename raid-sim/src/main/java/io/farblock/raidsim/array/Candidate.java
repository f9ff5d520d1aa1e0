package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.raidsim.md.ArrayDescription;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberRecord;
import java.util.List;

/** A disk and what was found on it. Immutable. */
record Candidate(BlockDevice disk, Found.Member found)
{
    /** It as a member in this role, a slot or other; with the data that its own superblock vouches for. */
    Member member(final int role)
    {
        final MemberRecord record = found.record();
        // a spare that was just given a slot when the power went does not know of it yet, and holds nothing
        final boolean holdsData = record.role() == role && role < found.array().raidDisks();
        final long recoveredBytes = !holdsData ? 0 :
            record.recoveryOffsetBytes() == MemberRecord.IN_SYNC ? Member.ALL : record.recoveryOffsetBytes();
        final Member member = new Member(
            disk, record.number(), record.device(), record.dataOffsetBytes(), recoveredBytes);
        for (final ByteRange range : found.bad())
        {
            member.bad.add(range.offsetBytes(), range.offsetBytes() + range.lengthBytes());
        }
        return member;
    }

    /** What its own superblock says of it. */
    int ownRole()
    {
        return found.record().role();
    }

    long events()
    {
        return found.record().events();
    }

    /** Whether it held all of its data when it was last heard of. */
    boolean heldData(final ArrayDescription array)
    {
        return ownRole() < array.raidDisks() && found.record().recoveryOffsetBytes() == MemberRecord.IN_SYNC;
    }

    /** What the newest superblock says of this member. */
    int roleBy(final Candidate newest)
    {
        final List<Integer> roles = newest.found.record().roles();
        return found.record().number() < roles.size() ? roles.get(found.record().number()) :
            MdSuperblock.ROLE_FAULTY;
    }

    /** One event of difference is the present: superblocks are written one after the other. */
    boolean isCurrent(final Candidate newest)
    {
        return newest.found.record().events() - found.record().events() <= 1;
    }
}
