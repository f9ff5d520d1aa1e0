package io.farblock.replication.resync;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.merkle.TreeShape;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;

/**
 * Brings our tree in line with theirs by walking down only where nodes differ: one question for up to
 * {@link #PAGES_PER_QUESTION} neighbouring pages at a time, depth first, so that memory is bounded by depth × fan-out.
 *
 * <p>Whether what came is true is settled at the end: our root must then be theirs. Single-threaded.
 */
public final class TreeCompare
{
    /** Pages that one answer carries. */
    public static final int PAGES_PER_QUESTION = 8;

    private final DigestTree ours;
    private final LongConsumer differing;
    private final TreeShape shape;
    private final LongArrayList levels = new LongArrayList();
    private final LongArrayList pages = new LongArrayList();
    private final ByteBuffer own = AlignedBuffers.allocate(TreeShape.PAGE_BYTES);
    private final ByteBuffer theirs = AlignedBuffers.allocate(TreeShape.PAGE_BYTES);
    private int level;
    private long firstPage;
    private int pageCount;
    private long differingBlocks;

    /**
     * Begins at the top; the roots are known to differ.
     *
     * @param differing gets the number of each block whose digest is another than theirs.
     */
    public TreeCompare(final DigestTree ours, final LongConsumer differing)
    {
        this.ours = ours;
        this.differing = differing;
        this.shape = ours.shape();
        ours.root();
        push(shape.levels() - 1, 0);
    }

    /** Takes up the next question; false when there is none: the trees are alike now. */
    public boolean nextQuestion()
    {
        if (pages.isEmpty())
        {
            return false;
        }
        level = (int)levels.popLong();
        firstPage = pages.popLong();
        pageCount = 1;
        while (!pages.isEmpty() && pageCount < PAGES_PER_QUESTION && levels.getLong(levels.size() - 1) == level &&
            pages.getLong(pages.size() - 1) == firstPage + pageCount)
        {
            levels.popLong();
            pages.popLong();
            pageCount++;
        }
        return true;
    }

    public int level()
    {
        return level;
    }

    public long firstPage()
    {
        return firstPage;
    }

    public int pageCount()
    {
        return pageCount;
    }

    /**
     * Takes their pages for the question of the moment.
     *
     * @return false when the answer does not fit the question; nothing was changed then.
     */
    public boolean answer(final DirectBuffer answer, final int offset, final int lengthBytes)
    {
        if (lengthBytes != pageCount * TreeShape.PAGE_BYTES)
        {
            return false;
        }
        for (int i = 0; i < pageCount; i++)
        {
            answer.getBytes(offset + i * TreeShape.PAGE_BYTES, theirs, 0, TreeShape.PAGE_BYTES);
            ours.copyPage(level, firstPage + i, own, 0);
            compare(firstPage + i);
        }
        return true;
    }

    /** How many blocks had another digest than theirs. */
    public long differingBlocks()
    {
        return differingBlocks;
    }

    private void compare(final long page)
    {
        // Pushed from the last to the first, so that they are asked for in ascending order and come in runs.
        for (int slot = TreeShape.FANOUT - 1; slot >= 0; slot--)
        {
            if (differs(slot))
            {
                final long child = page * TreeShape.FANOUT + slot;
                if (level == 0)
                {
                    differingBlocks++;
                    if (child < shape.blocks())
                    {
                        differing.accept(child);
                    }
                }
                else if (child < shape.pages(level - 1))
                {
                    push(level - 1, child);
                }
            }
        }
        if (level == 0)
        {
            ours.replaceLeaves(page, theirs, 0);
        }
    }

    private boolean differs(final int slot)
    {
        long any = 0;
        for (int i = 0; i < TreeShape.DIGEST_BYTES; i += Long.BYTES)
        {
            final int at = slot * TreeShape.DIGEST_BYTES + i;
            any |= own.getLong(at) ^ theirs.getLong(at);
        }
        return any != 0;
    }

    private void push(final int newLevel, final long page)
    {
        levels.addLong(newLevel);
        pages.addLong(page);
    }
}
