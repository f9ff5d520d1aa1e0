package io.farblock.blockdev.raid;

import static io.farblock.blockdev.raid.UnusableException.require;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a member's superblock at the places where version 1.x puts it.
 *
 * <pre>
 *   1.1   sector 0          1.2   sector 8          1.0   16 sectors before the end, rounded down to 8
 * </pre>
 *
 * A copy counts only if it says itself that it lies there. Two good ones (an old 1.0 under a new 1.2, say) are refused,
 * because guessing may read the bits of an array that no longer exists. Stateless, on the calling thread.
 */
final class SuperblockSearch
{
    private SuperblockSearch()
    {
    }

    static MdSuperblock find(final MemberBytes member) throws UnusableException
    {
        final List<MdSuperblock> good = new ArrayList<>();
        UnusableException damage = null;
        for (final long sector : new long[] {0, 8, (member.sizeSectors() - 16) & -8L})
        {
            try
            {
                addIfThere(member, sector, good);
            }
            catch (final UnusableException ex)
            {
                damage = ex;
            }
        }
        if (good.isEmpty() && damage != null)
        {
            throw damage;
        }
        require(!good.isEmpty(), Unusable.Cause.NO_SUPERBLOCK,
            "found no md superblock of version 1.0, 1.1 or 1.2 (others are not read)");
        require(good.size() == 1, Unusable.Cause.AMBIGUOUS_SUPERBLOCK, "found md superblocks at " + good.size() +
            " places, expected one; remove the one that is not in use");
        return good.get(0);
    }

    private static void addIfThere(final MemberBytes member, final long sector, final List<MdSuperblock> good)
        throws UnusableException
    {
        if (!member.holds(sector, MdSuperblock.FIXED_BYTES))
        {
            return;
        }
        final ByteBuffer fixed = member.read(sector, MdSuperblock.FIXED_BYTES);
        if (fixed.getInt(0) == MdSuperblock.MAGIC && fixed.getInt(4) == 1 && fixed.getLong(144) == sector)
        {
            final int length = MdSuperblock.FIXED_BYTES + MdSuperblock.roleBytes(fixed);
            good.add(MdSuperblock.parse(sector, member.read(sector, length)));
        }
    }
}
