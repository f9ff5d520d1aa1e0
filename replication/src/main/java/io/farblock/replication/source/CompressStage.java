package io.farblock.replication.source;

import io.farblock.replication.status.StageMeter;
import io.farblock.replication.wire.BlockCodec;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.sbe.AbortEpochEncoder;
import io.farblock.replication.wire.sbe.BeginEpochEncoder;
import io.farblock.replication.wire.sbe.BlockEncoder;
import io.farblock.replication.wire.sbe.Encoding;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.SealEpochEncoder;
import io.farblock.replication.wire.sbe.VolumeRootEncoder;
import io.farblock.replication.wire.sbe.ZeroBlocksEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.Agent;

/**
 * Makes whole frames: compresses the block, writes the message around it, seals it with its CRC. One of several that
 * take turns: compressor {@code i} of {@code n} takes the slots whose sequence is {@code i} modulo {@code n}.
 *
 * <p>Thread {@code src-comp-i}.
 */
final class CompressStage implements Agent
{
    private static final int BATCH = 16;

    private final SourceRing ring;
    private final int index;
    private final BlockCodec codec;
    private final ByteBuffer tail;
    private final Frame frame = new Frame();
    private final StageMeter meter;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final BlockEncoder block = new BlockEncoder();
    private final ZeroBlocksEncoder zeroBlocks = new ZeroBlocksEncoder();
    private final BeginEpochEncoder beginEpoch = new BeginEpochEncoder();
    private final VolumeRootEncoder volumeRoot = new VolumeRootEncoder();
    private final SealEpochEncoder sealEpoch = new SealEpochEncoder();
    private final AbortEpochEncoder abortEpoch = new AbortEpochEncoder();

    CompressStage(final SourceRing ring, final int index, final int level)
    {
        this.ring = ring;
        this.index = index;
        this.codec = new BlockCodec(level);
        this.tail = ring.slab.duplicate().order(ring.slab.order());
        this.meter = new StageMeter("compress-" + index);
    }

    @Override
    public void onStart()
    {
        meter.started();
    }

    @Override
    public int doWork()
    {
        final long from = ring.compressed[index].get() + 1;
        final long to = Math.min(ring.hashed.get(), from + BATCH - 1);
        for (long sequence = from; sequence <= to; sequence++)
        {
            if (sequence % ring.compressed.length == index)
            {
                encode(ring.ring.get(sequence));
            }
            ring.compressed[index].set(sequence);
        }
        return (int)Math.max(0, to - from + 1);
    }

    @Override
    public void onClose()
    {
        codec.close();
    }

    @Override
    public String roleName()
    {
        return "src-comp-" + index;
    }

    StageMeter meter()
    {
        return meter;
    }

    private void encode(final SourceSlot slot)
    {
        if (slot.frameSequence < 0)
        {
            return;
        }
        final int headBytes = switch (slot.kind)
        {
            case BLOCK -> slot.zero ? zeros(slot, 1) : block(slot);
            case HOLE -> zeros(slot, slot.blockCount);
            case BEGIN -> begin(slot);
            case ROOT -> root(slot);
            case SEAL -> seal(slot);
            case ABORT -> abort(slot);
        };
        slot.headBytes = headBytes;
        tail.limit(slot.blockOffset + slot.tailBytes).position(slot.blockOffset);
        frame.seal(slot.frameView, slot.frame, headBytes, tail);
    }

    private int block(final SourceSlot slot)
    {
        final int payloadBytes = codec.encode(slot.block, slot.blockOffset, slot.lengthBytes, slot.frame);
        final boolean stored = payloadBytes == slot.lengthBytes;
        slot.payloadBytes = payloadBytes;
        slot.tailBytes = stored ? payloadBytes : 0;
        block.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header)
            .sequence(slot.frameSequence)
            .blockIndex(slot.blockIndex)
            .volumeId(slot.volume.volumeId())
            .encoding(stored ? Encoding.STORED : Encoding.ZSTD)
            .reserved((short)0)
            .lengthBytes(slot.lengthBytes)
            .putDigest(slot.digest, 0, slot.digest.length);
        slot.frameView.putInt(
            BlockCodec.PAYLOAD_OFFSET - BlockEncoder.payloadHeaderLength(), payloadBytes,
            ByteOrder.LITTLE_ENDIAN);
        meter.count(slot.lengthBytes);
        return BlockCodec.PAYLOAD_OFFSET + payloadBytes - slot.tailBytes;
    }

    private int zeros(final SourceSlot slot, final long count)
    {
        zeroBlocks.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header)
            .sequence(slot.frameSequence)
            .firstBlock(slot.blockIndex)
            .blockCount(count)
            .volumeId(slot.volume.volumeId());
        return zeroBlocks.limit();
    }

    private int begin(final SourceSlot slot)
    {
        beginEpoch.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header)
            .sequence(slot.frameSequence)
            .attempt(slot.attempt.number)
            .epoch(slot.attempt.epoch)
            .volumeGroup(slot.attempt.group);
        return beginEpoch.limit();
    }

    private int root(final SourceSlot slot)
    {
        volumeRoot.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header)
            .sequence(slot.frameSequence)
            .volumeId(slot.volume.volumeId())
            .putRoot(slot.digest, 0, slot.digest.length);
        return volumeRoot.limit();
    }

    private int seal(final SourceSlot slot)
    {
        sealEpoch.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header)
            .sequence(slot.frameSequence)
            .attempt(slot.attempt.number)
            .epoch(slot.attempt.epoch)
            .consistency((short)slot.attempt.consistency.ordinal());
        return sealEpoch.limit();
    }

    private int abort(final SourceSlot slot)
    {
        abortEpoch.wrapAndApplyHeader(slot.frameView, Frame.BODY_OFFSET, header)
            .sequence(slot.frameSequence)
            .attempt(slot.attempt.number);
        return abortEpoch.limit();
    }
}
