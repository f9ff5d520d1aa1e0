package io.farblock.blockdev.raid;

import java.util.function.IntPredicate;

/**
 * Where RAID 10 puts its copies. An immutable value.
 *
 * <pre>
 *   layout word   bits 0-7 near copies   bits 8-15 far copies   bit 16 "offset" (far copies in the next stripe)
 *   n2 = 0x102, f2 = 0x201, o2 = 0x10201; copies = near * far
 * </pre>
 *
 * A chunk's copies lie on neighbouring members, counted round the array; the first of them is any multiple of the
 * near copies. So data is lost exactly when all of some such run of neighbours is missing. (Layouts whose far copies
 * stay within sets of members, bits 17 and 18, are judged by the same rule, as the kernel does.)
 *
 * @param near copies in the same stripe.
 * @param far  copies elsewhere.
 */
public record Raid10Layout(int near, int far)
{
    /** Of the layout word in a superblock. */
    public static Raid10Layout of(final int layout)
    {
        return new Raid10Layout(layout & 0xff, layout >> 8 & 0xff);
    }

    /** Whether the layout is one that an array of so many members can have. */
    public boolean isPossible(final int raidDisks)
    {
        return near > 0 && far > 0 && near * far <= raidDisks;
    }

    /** How often everything is stored. */
    public int copies()
    {
        return near * far;
    }

    /** Whether some data has no copy on the members that are present. */
    public boolean losesData(final int raidDisks, final IntPredicate isPresent)
    {
        int first = 0;
        do
        {
            int present = 0;
            for (int i = 0; i < copies(); i++)
            {
                present += isPresent.test((first + i) % raidDisks) ? 1 : 0;
            }
            if (present == 0)
            {
                return true;
            }
            first = (first + near) % raidDisks;
        }
        while (first != 0);
        return false;
    }
}
