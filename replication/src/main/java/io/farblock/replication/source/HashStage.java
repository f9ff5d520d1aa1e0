package io.farblock.replication.source;

import io.farblock.replication.merkle.Digest;
import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.merkle.TreeException;
import io.farblock.replication.status.StageMeter;
import java.nio.ByteBuffer;
import org.agrona.concurrent.Agent;

/**
 * Computes each block's digest, decides whether it differs from what the peer has, and numbers what goes out. At the
 * end of a volume it computes the root that both sides must come to.
 *
 * <p>Thread {@code src-hash}. Owns every volume's digest trees while an epoch is on its way.
 */
final class HashStage implements Agent
{
    private static final int BATCH = 32;

    private final SourceRing ring;
    private final Digest digest = new Digest();
    private final ByteBuffer window;
    private final StageMeter meter = new StageMeter("hash");
    private long session = -1;
    private long nextFrame;

    HashStage(final SourceRing ring)
    {
        this.ring = ring;
        this.window = ring.slab.duplicate().order(ring.slab.order());
    }

    @Override
    public void onStart()
    {
        meter.started();
    }

    @Override
    public int doWork()
    {
        final long from = ring.hashed.get() + 1;
        final long to = Math.min(ring.ring.getCursor(), from + BATCH - 1);
        for (long sequence = from; sequence <= to; sequence++)
        {
            hash(ring.ring.get(sequence));
            ring.hashed.set(sequence);
        }
        return (int)Math.max(0, to - from + 1);
    }

    @Override
    public String roleName()
    {
        return "src-hash";
    }

    StageMeter meter()
    {
        return meter;
    }

    private void hash(final SourceSlot slot)
    {
        if (slot.attempt.session != session)
        {
            session = slot.attempt.session;
            nextFrame = 0;
        }
        slot.frameSequence = isToBeSent(slot) ? nextFrame++ : -1;
    }

    private boolean isToBeSent(final SourceSlot slot)
    {
        if (slot.attempt.failure != null)
        {
            // What could not be read or noted must never be sealed over: only the end of the attempt goes out now.
            return slot.kind == SourceSlot.Kind.ABORT;
        }
        try
        {
            return switch (slot.kind)
            {
                case BLOCK -> block(slot);
                case HOLE -> hole(slot);
                case ROOT -> root(slot);
                case BEGIN, SEAL, ABORT -> true;
            };
        }
        catch (final TreeException ex)
        {
            slot.attempt.failure = ex.getMessage();
            return false;
        }
    }

    private boolean block(final SourceSlot slot)
    {
        window.limit(slot.blockOffset + slot.lengthBytes).position(slot.blockOffset);
        slot.zero = digest.of(window, slot.digest);
        meter.count(slot.lengthBytes);
        final DigestTree epochTree = slot.volume.epochTree();
        if (epochTree.has(slot.blockIndex, slot.digest))
        {
            return false;
        }
        epochTree.set(slot.blockIndex, slot.digest);
        slot.attempt.changedBytes += slot.lengthBytes;
        return true;
    }

    private boolean hole(final SourceSlot slot)
    {
        slot.zero = true;
        final DigestTree epochTree = slot.volume.epochTree();
        if (epochTree.nextNonZero(slot.blockIndex) >= slot.blockIndex + slot.blockCount)
        {
            return false;
        }
        epochTree.zero(slot.blockIndex, slot.blockCount);
        slot.attempt.changedBytes += slot.blockCount * slot.volume.blockBytes();
        return true;
    }

    private boolean root(final SourceSlot slot)
    {
        System.arraycopy(slot.volume.epochTree().root(), 0, slot.digest, 0, slot.digest.length);
        return true;
    }
}
