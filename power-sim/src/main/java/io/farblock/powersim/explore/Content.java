package io.farblock.powersim.explore;

import java.util.Arrays;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The bytes of a device or file, sparse, in pages that are shared between copies. Its hash is kept up to date, so that
 * states are told apart without reading them. One thread.
 */
final class Content
{
    private final Int2ObjectHashMap<Page> pages;
    private long sizeBytes;
    private long sum;

    Content(final long sizeBytes)
    {
        this.pages = new Int2ObjectHashMap<>();
        this.sizeBytes = sizeBytes;
    }

    private Content(final Content other)
    {
        this.pages = new Int2ObjectHashMap<>(other.pages);
        this.sizeBytes = other.sizeBytes;
        this.sum = other.sum;
    }

    Content copy()
    {
        return new Content(this);
    }

    long sizeBytes()
    {
        return sizeBytes;
    }

    /** What lies beyond it is gone. */
    void sizeBytes(final long newSizeBytes)
    {
        final int within = (int)(newSizeBytes % Page.BYTES);
        for (final int index : present())
        {
            if ((long)index * Page.BYTES >= newSizeBytes)
            {
                page(index, null);
            }
        }
        if (within > 0 && page((int)(newSizeBytes / Page.BYTES)) != null)
        {
            write(newSizeBytes, null, 0, Page.BYTES - within);
        }
        sizeBytes = newSizeBytes;
    }

    /** Null where there are zeros. */
    Page page(final int index)
    {
        return pages.get(index);
    }

    void page(final int index, final Page page)
    {
        final Page before = page == null ? pages.remove(index) : pages.put(index, page);
        sum += hashAt(index, page) - hashAt(index, before);
    }

    /** Indexes of the pages that are not zeros, ascending. */
    int[] present()
    {
        final int[] present = new int[pages.size()];
        int next = 0;
        final Int2ObjectHashMap<Page>.KeyIterator keys = pages.keySet().iterator();
        while (keys.hasNext())
        {
            present[next++] = keys.nextInt();
        }
        Arrays.sort(present);
        return present;
    }

    /** Writes {@code data[from, from + lengthBytes)}; zeros where {@code data} is null. */
    void write(final long offsetBytes, final byte[] data, final long from, final long lengthBytes)
    {
        long done = 0;
        while (done < lengthBytes)
        {
            final long at = offsetBytes + done;
            final int index = (int)(at / Page.BYTES);
            final int within = (int)(at % Page.BYTES);
            final int length = (int)Math.min(lengthBytes - done, Page.BYTES - within);
            final byte[] bytes = Page.bytes(page(index)).clone();
            if (data == null)
            {
                Arrays.fill(bytes, within, within + length, (byte)0);
            }
            else
            {
                System.arraycopy(data, (int)(from + done), bytes, within, length);
            }
            page(index, Page.of(bytes));
            done += length;
        }
    }

    long hash()
    {
        return Page.mixed(sum, sizeBytes);
    }

    private static long hashAt(final int index, final Page page)
    {
        return page == null ? 0 : Page.mixed(Page.hash(page), index);
    }
}
