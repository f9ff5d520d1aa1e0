package io.farblock.replication.merkle;

/**
 * Where the pages of a digest tree lie. A page is 4 KiB: 128 digests of 32 bytes.
 *
 * <pre>
 *   level 0   | page 0 | page 1 | ...             digests of blocks 0-127, 128-255, ...
 *   level 1   | page 0 | ...                      digests of level 0's pages
 *   ...
 *   top       | page 0 |                          its digest is the root
 *
 *   on the device: all pages of level 0, then all of level 1, and so on
 * </pre>
 *
 * Immutable.
 */
public final class TreeShape
{
    public static final int DIGEST_BYTES = 32;
    public static final int FANOUT = 128;
    public static final int PAGE_BYTES = DIGEST_BYTES * FANOUT;

    private final long blocks;
    private final long[] firstPage;
    private final long[] pages;

    /** The shape for a volume of {@code blocks} blocks, at least one. */
    public TreeShape(final long blocks)
    {
        if (blocks < 1)
        {
            throw new IllegalArgumentException("blocks=" + blocks + ", expected at least 1");
        }
        this.blocks = blocks;
        int depth = 1;
        for (long n = (blocks + FANOUT - 1) / FANOUT; n > 1; n = (n + FANOUT - 1) / FANOUT)
        {
            depth++;
        }
        firstPage = new long[depth];
        pages = new long[depth];
        long children = blocks;
        long first = 0;
        for (int level = 0; level < depth; level++)
        {
            pages[level] = (children + FANOUT - 1) / FANOUT;
            firstPage[level] = first;
            first += pages[level];
            children = pages[level];
        }
    }

    public long blocks()
    {
        return blocks;
    }

    /** How many levels of pages; at least one. */
    public int levels()
    {
        return pages.length;
    }

    public long pages(final int level)
    {
        return pages[level];
    }

    /** Number of a page on the device. */
    public long page(final int level, final long index)
    {
        return firstPage[level] + index;
    }

    /** Pages of all levels. */
    public long totalPages()
    {
        return firstPage[levels() - 1] + 1;
    }

    /** What the tree takes on its device. */
    public long totalBytes()
    {
        return totalPages() * PAGE_BYTES;
    }
}
