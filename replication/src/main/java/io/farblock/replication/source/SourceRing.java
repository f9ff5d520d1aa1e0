package io.farblock.replication.source;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.wire.BlockCodec;
import java.nio.ByteBuffer;

/**
 * The one ring of a source, and the order of its stages:
 *
 * <pre>
 *   capture ─> hash ─> compress 1..n ─> send ─> acknowledged
 *      ^                                             │
 *      └──────────── a slot is free again ───────────┘
 * </pre>
 *
 * The ring is the retransmission window: a slot is used again only when its frame is acknowledged. All memory is
 * allocated here, once: {@code slots × (block + frame)}.
 *
 * <p>Each sequence is written by its stage alone.
 */
final class SourceRing
{
    final RingBuffer<SourceSlot> ring;
    final Sequence hashed = new Sequence();
    final Sequence[] compressed;
    final Sequence acknowledged = new Sequence();
    final ByteBuffer slab;
    final int blockBytes;
    final int slots;

    SourceRing(final int windowBytes, final int blockBytes, final int compressors)
    {
        this.blockBytes = blockBytes;
        slots = Math.max(16, Integer.highestOneBit(windowBytes / blockBytes));
        slab = AlignedBuffers.allocate(slots * blockBytes);
        final int[] next = {0};
        ring = RingBuffer.createSingleProducer(
            () -> new SourceSlot(
                slab, next[0]++ * blockBytes, AlignedBuffers.allocate(BlockCodec.frameBytes(blockBytes))),
            slots,
            new YieldingWaitStrategy());
        ring.addGatingSequences(acknowledged);
        compressed = new Sequence[compressors];
        for (int i = 0; i < compressors; i++)
        {
            compressed[i] = new Sequence();
        }
    }

    /** Everything up to here has passed all compressors. */
    long compressedUpTo()
    {
        long least = compressed[0].get();
        for (int i = 1; i < compressed.length; i++)
        {
            least = Math.min(least, compressed[i].get());
        }
        return least;
    }

    /** Whether every slot that was published is acknowledged. */
    boolean isDrained()
    {
        return acknowledged.get() == ring.getCursor();
    }
}
