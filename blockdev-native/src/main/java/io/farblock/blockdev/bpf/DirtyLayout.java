package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;

/**
 * Where everything lies in the map of one volume, an array of 64-bit words that programs write and we have mapped.
 * Pure arithmetic, immutable.
 *
 * <pre>
 *   header           identity, counters, gaps: see {@link Header}
 *   summary          bit g: something is set in group g: its word of "coarse", or its 64 words of "fine"
 *   pending summary  bit g: the same for its 4 words of "pending"
 *   top              bit g: all of group g (16 MiB) is dirty
 *   pending          bit p: of 64 KiB; harvested, and not sealed yet
 *   coarse           bit w: all of word w of "fine" (256 KiB) is dirty
 *   fine             bit n: granule n (4 KiB) is dirty
 * </pre>
 *
 * The levels let a program mark a write of any length with a few instructions: its two edges in one level, what lies
 * between in the next. The summary lets a harvest skip what is clean: 1 TiB is 1024 words to look at. A volume of
 * 64 TiB takes 2.2 GiB. "fine" is last, so that an index beyond the volume is beyond the array and the kernel says so.
 */
record DirtyLayout(long granules)
{
    static final int GRANULE_SECTORS = GRANULE_BYTES / 512;
    static final long MAX_BYTES = 64L << 40;
    /** 64 words of 64 granules. */
    static final int GROUP_WORDS = 64;
    static final int SUMMARY = Header.WORDS;
    /** Words of "fine" whose granules share one word of "pending": 4 bits for each. */
    static final int FINE_PER_PENDING = 16;

    static DirtyLayout of(final long sizeBytes)
    {
        if (sizeBytes <= 0 || sizeBytes > MAX_BYTES)
        {
            throw new IllegalArgumentException("found a volume of " + sizeBytes + " bytes, expected 1 to " + MAX_BYTES);
        }
        return new DirtyLayout((sizeBytes + GRANULE_BYTES - 1) / GRANULE_BYTES);
    }

    long fineWords()
    {
        return (granules + 63) / 64;
    }

    long groups()
    {
        return (fineWords() + GROUP_WORDS - 1) / GROUP_WORDS;
    }

    /** Words of the summary, of the pending summary and of "top". */
    long groupWords()
    {
        return (groups() + 63) / 64;
    }

    long pendingSummary()
    {
        return SUMMARY + groupWords();
    }

    long top()
    {
        return pendingSummary() + groupWords();
    }

    long pending()
    {
        return top() + groupWords();
    }

    long coarse()
    {
        // whole groups, so that a group's words of "pending" never run into the next level
        return pending() + groups() * GROUP_WORDS / FINE_PER_PENDING;
    }

    long fine()
    {
        return coarse() + groups();
    }

    int words()
    {
        return Math.toIntExact(fine() + fineWords());
    }

    /** The bits of "pending" that stand for the set granules of one word of "fine", in the place of that word. */
    static long pendingBits(final long fineWord, final long bits)
    {
        long result = 0;
        for (int i = 0; i < 4; i++)
        {
            if ((bits >>> i * 16 & 0xffff) != 0)
            {
                result |= 1L << i;
            }
        }
        return result << fineWord % FINE_PER_PENDING * 4;
    }

    /** The granules of one word of "fine" that a word of "pending" stands for. */
    static long granuleBits(final long fineWord, final long pending)
    {
        final long four = pending >>> fineWord % FINE_PER_PENDING * 4 & 0xf;
        long result = 0;
        for (int i = 0; i < 4; i++)
        {
            if ((four >>> i & 1) != 0)
            {
                result |= 0xffffL << i * 16;
            }
        }
        return result;
    }
}
