package io.farblock.replication.target;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.wire.BlockCodec;
import java.nio.ByteBuffer;

/**
 * The one ring of a target's peer. A frame's place is given by its sequence, not by when it came: frames from several
 * paths fall into order by themselves, and the stages see a place only when every one before it is filled.
 *
 * <pre>
 *   receive ─> verify 1..n ─> apply
 *   (any order)   (in order of sequence from here on)
 * </pre>
 *
 * Memory is allocated here, once: {@code slots × (frame + block)}.
 */
final class TargetRing
{
    final RingBuffer<TargetSlot> ring;
    final Sequence[] verified;
    final Sequence applied = new Sequence();
    final ByteBuffer slab;
    final int blockBytes;
    final int slots;

    TargetRing(final int windowBytes, final int blockBytes, final int verifiers)
    {
        this.blockBytes = blockBytes;
        slots = Math.max(16, Integer.highestOneBit(windowBytes / blockBytes));
        slab = AlignedBuffers.allocate(slots * blockBytes);
        final int[] next = {0};
        ring = RingBuffer.createMultiProducer(
            () -> new TargetSlot(
                AlignedBuffers.allocate(BlockCodec.frameBytes(blockBytes)), slab, next[0]++ * blockBytes),
            slots,
            new YieldingWaitStrategy());
        ring.addGatingSequences(applied);
        verified = new Sequence[verifiers];
        for (int i = 0; i < verifiers; i++)
        {
            verified[i] = new Sequence();
        }
    }

    /** Everything up to here has been verified. */
    long verifiedUpTo()
    {
        long least = verified[0].get();
        for (int i = 1; i < verified.length; i++)
        {
            least = Math.min(least, verified[i].get());
        }
        return least;
    }
}
