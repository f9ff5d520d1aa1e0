package io.farblock.replication.merkle;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A few pages of a tree in memory, written back when another takes their place or on {@link #writeBack()}. Capture
 * runs in ascending order, so one page serves 128 blocks.
 *
 * <p>Single-threaded. A device error is thrown as {@link TreeException}; the page stays dirty.
 */
final class PageCache
{
    private static final int SLOTS_MAX = 256;

    private final BlockDevice device;
    private final ByteBuffer memory;
    private final long[] pages;
    private final boolean[] dirty;

    /** @param totalPages of the tree; a small one has a place for each. */
    PageCache(final BlockDevice device, final long totalPages)
    {
        final int slots = (int)Math.min(SLOTS_MAX, totalPages);
        this.device = device;
        this.memory = AlignedBuffers.allocate(slots * TreeShape.PAGE_BYTES);
        this.pages = new long[slots];
        this.dirty = new boolean[slots];
        Arrays.fill(pages, -1);
    }

    /** Where the page begins in {@link #memory()}, loaded from the device when it was not here. */
    int load(final long page)
    {
        final int slot = take(page);
        if (pages[slot] != page)
        {
            final int result = device.read(
                page * TreeShape.PAGE_BYTES, memory, slot * TreeShape.PAGE_BYTES, TreeShape.PAGE_BYTES);
            TreeException.check(result, "read", device, page);
            pages[slot] = page;
        }
        return slot * TreeShape.PAGE_BYTES;
    }

    /** Where the page begins in {@link #memory()}; its content is undefined until the caller fills it. */
    int claim(final long page)
    {
        final int slot = take(page);
        pages[slot] = page;
        dirty[slot] = true;
        return slot * TreeShape.PAGE_BYTES;
    }

    void markDirty(final int offset)
    {
        dirty[offset / TreeShape.PAGE_BYTES] = true;
    }

    ByteBuffer memory()
    {
        return memory;
    }

    void writeBack()
    {
        for (int slot = 0; slot < pages.length; slot++)
        {
            writeBack(slot);
        }
    }

    /** Forgets everything, written back or not. */
    void discard()
    {
        Arrays.fill(pages, -1);
        Arrays.fill(dirty, false);
    }

    private int take(final long page)
    {
        final int slot = (int)(page % pages.length);
        if (pages[slot] != page)
        {
            writeBack(slot);
            pages[slot] = -1;
        }
        return slot;
    }

    private void writeBack(final int slot)
    {
        if (dirty[slot])
        {
            final long page = pages[slot];
            final int result = device.write(
                page * TreeShape.PAGE_BYTES, memory, slot * TreeShape.PAGE_BYTES, TreeShape.PAGE_BYTES);
            TreeException.check(result, "write", device, page);
            dirty[slot] = false;
        }
    }
}
