package io.farblock.replication.target;

import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.status.StageMeter;
import io.farblock.replication.wire.BlockCodec;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.sbe.AbortEpochDecoder;
import io.farblock.replication.wire.sbe.BeginEpochDecoder;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.SealEpochDecoder;
import io.farblock.replication.wire.sbe.VolumeRootDecoder;
import io.farblock.replication.wire.sbe.ZeroBlocksDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.Agent;

/**
 * Decodes each frame within bounds, decompresses its block and checks the digest. What is wrong is written into the
 * slot, not thrown: the apply stage refuses the attempt. One of several that take turns by sequence.
 *
 * <p>Thread {@code tgt-verify-i}.
 */
final class VerifyStage implements Agent
{
    private static final int BATCH = 16;

    private final TargetRing ring;
    private final int index;
    private final BlockCodec codec = new BlockCodec(0);
    private final Digest digest = new Digest();
    private final byte[] found = new byte[32];
    private final ByteBuffer window;
    private final StageMeter meter;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final BlockDecoder block = new BlockDecoder();
    private final ZeroBlocksDecoder zeroBlocks = new ZeroBlocksDecoder();
    private final BeginEpochDecoder beginEpoch = new BeginEpochDecoder();
    private final VolumeRootDecoder volumeRoot = new VolumeRootDecoder();
    private final SealEpochDecoder sealEpoch = new SealEpochDecoder();
    private final AbortEpochDecoder abortEpoch = new AbortEpochDecoder();

    VerifyStage(final TargetRing ring, final int index)
    {
        this.ring = ring;
        this.index = index;
        this.window = ring.slab.duplicate().order(ring.slab.order());
        this.meter = new StageMeter("verify-" + index);
    }

    @Override
    public void onStart()
    {
        meter.started();
    }

    @Override
    public int doWork()
    {
        final long from = ring.verified[index].get() + 1;
        long next = from;
        while (next < from + BATCH && next <= ring.ring.getCursor() && ring.ring.isAvailable(next))
        {
            if (next % ring.verified.length == index)
            {
                verify(ring.ring.get(next));
            }
            ring.verified[index].set(next);
            next++;
        }
        return (int)(next - from);
    }

    @Override
    public void onClose()
    {
        codec.close();
    }

    @Override
    public String roleName()
    {
        return "tgt-verify-" + index;
    }

    StageMeter meter()
    {
        return meter;
    }

    private void verify(final TargetSlot slot)
    {
        slot.problem = null;
        if (slot.kind != TargetSlot.Kind.FRAME)
        {
            return;
        }
        slot.frameView.wrap(slot.frame, 0, slot.frameBytes);
        try
        {
            switch (slot.template)
            {
                case BlockDecoder.TEMPLATE_ID -> block(slot);
                case ZeroBlocksDecoder.TEMPLATE_ID -> zeros(slot);
                case BeginEpochDecoder.TEMPLATE_ID -> begin(slot);
                case VolumeRootDecoder.TEMPLATE_ID -> root(slot);
                case SealEpochDecoder.TEMPLATE_ID -> seal(slot);
                case AbortEpochDecoder.TEMPLATE_ID -> abort(slot);
                default -> slot.problem = "a frame of unknown type " + slot.template;
            }
        }
        catch (final IndexOutOfBoundsException ex)
        {
            slot.problem = "a frame whose fields reach beyond its end";
        }
    }

    private void block(final TargetSlot slot)
    {
        block.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header);
        if (!BlockCodec.isWellFormed(block, slot.frameView, ring.blockBytes))
        {
            slot.problem = "a block frame whose lengths do not fit";
            return;
        }
        slot.volumeId = block.volumeId();
        slot.blockIndex = block.blockIndex();
        slot.blockCount = 1;
        slot.lengthBytes = (int)block.lengthBytes();
        block.getDigest(slot.digest, 0, slot.digest.length);
        if (!codec.decode(block, slot.frame, slot.slab, slot.blockOffset))
        {
            slot.problem = "a block whose payload does not decompress to the length it announces";
            return;
        }
        window.limit(slot.blockOffset + slot.lengthBytes).position(slot.blockOffset);
        digest.of(window, found);
        if (!Arrays.equals(found, slot.digest))
        {
            slot.problem = "a block whose content does not have the digest it came with";
        }
        meter.count(slot.lengthBytes);
    }

    private void zeros(final TargetSlot slot)
    {
        zeroBlocks.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header);
        slot.volumeId = zeroBlocks.volumeId();
        slot.blockIndex = zeroBlocks.firstBlock();
        slot.blockCount = zeroBlocks.blockCount();
        Arrays.fill(slot.digest, (byte)0);
    }

    private void begin(final TargetSlot slot)
    {
        beginEpoch.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header);
        slot.attempt = beginEpoch.attempt();
        slot.epoch = beginEpoch.epoch();
        slot.group = beginEpoch.volumeGroup();
    }

    private void root(final TargetSlot slot)
    {
        volumeRoot.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header);
        slot.volumeId = volumeRoot.volumeId();
        volumeRoot.getRoot(slot.digest, 0, slot.digest.length);
    }

    private void seal(final TargetSlot slot)
    {
        sealEpoch.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header);
        slot.attempt = sealEpoch.attempt();
        slot.epoch = sealEpoch.epoch();
        slot.consistency = Consistency.of(sealEpoch.consistency());
    }

    private void abort(final TargetSlot slot)
    {
        abortEpoch.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header);
        slot.attempt = abortEpoch.attempt();
    }
}
