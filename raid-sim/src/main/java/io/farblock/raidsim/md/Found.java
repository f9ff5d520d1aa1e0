package io.farblock.raidsim.md;

import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdBitmap;
import io.farblock.blockdev.raid.Unusable;
import java.util.List;

/** What was found on a disk: a member of an array, or why it is none that can be run. Immutable values. */
public sealed interface Found
{
    /**
     * A member.
     *
     * @param array  what it says of its array; where the bitmap cannot be used its chunk is 0, as on a spare, which has
     *               none yet: ask a member that holds data.
     * @param record what it knows.
     * @param bitmap its write-intent bitmap, or in it why there is none that can be used.
     * @param bad    stretches of its data that are known to be wrong.
     */
    record Member(ArrayDescription array, MemberRecord record, MdBitmap bitmap, List<ByteRange> bad) implements Found
    {
    }

    /**
     * No member, or one that cannot be run here.
     *
     * @param why with the cause NO_SUPERBLOCK for a disk that belongs to no array.
     */
    record Refused(Unusable why) implements Found
    {
    }
}
