package io.farblock.replication.target;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.journal.JournalSegment;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.wire.BlockCodec;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.OpenVolumeDecoder;
import io.farblock.replication.wire.sbe.SealEpochDecoder;
import io.farblock.replication.wire.sbe.VolumeRootDecoder;
import io.farblock.replication.wire.sbe.ZeroBlocksDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a segment that an earlier life left, before a byte of it is applied: is every record intact, up to its seal,
 * does it come to the roots that were sealed? On the way it fills the volumes' pending trees, as receiving did.
 *
 * <p>Runs once, before the target listens.
 */
final class SegmentCheck
{
    /** What was found. */
    enum Verdict
    {
        /** Cut off before it was sealed: throw it away. */
        UNSEALED,
        /** Sealed and whole: apply it. */
        SEALED,
        /** Sealed, but not whole: nothing may be applied, an operator must look. */
        DAMAGED
    }

    private final ReplicaGroup group;
    private final SegmentVolumes volumes;
    private final JournalSegment segment;
    private final ByteBuffer frame;
    private final byte[] digest = new byte[32];
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final BlockDecoder block = new BlockDecoder();
    private final ZeroBlocksDecoder zeroBlocks = new ZeroBlocksDecoder();
    private final VolumeRootDecoder volumeRoot = new VolumeRootDecoder();
    private final SealEpochDecoder sealEpoch = new SealEpochDecoder();
    private Consistency consistency = Consistency.FUZZY;
    private boolean agrees = true;
    private boolean sealed;

    SegmentCheck(final ReplicaGroup group, final JournalSegment segment, final int maxBlockBytes)
    {
        this.group = group;
        this.volumes = new SegmentVolumes(group);
        this.segment = segment;
        this.frame = AlignedBuffers.allocate(BlockCodec.frameBytes(maxBlockBytes));
    }

    Verdict run()
    {
        segment.rewind();
        int lengthBytes = segment.read(frame);
        while (lengthBytes > 0)
        {
            view.wrap(frame, 0, lengthBytes);
            record();
            lengthBytes = sealed || !agrees ? 0 : segment.read(frame);
        }
        // A whole one may be applied though nobody was told that it is there. One that is not whole has lost something
        // that was promised if it is marked, and else was cut off in the middle of its making.
        final Verdict verdict = sealed && agrees ? Verdict.SEALED :
            segment.isSealed() ? Verdict.DAMAGED : Verdict.UNSEALED;
        if (verdict != Verdict.SEALED)
        {
            group.volumes().stream().filter(ReplicaVolume::isOpen).forEach(volume -> volume.pending().reset());
        }
        return verdict;
    }

    /** Of the epoch, as its seal says. */
    Consistency consistency()
    {
        return consistency;
    }

    private void record()
    {
        switch (FrameRules.templateOf(view))
        {
            case OpenVolumeDecoder.TEMPLATE_ID -> volumes.learn(view);
            case BlockDecoder.TEMPLATE_ID ->
            {
                block.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
                if (isKnown(block.volumeId()))
                {
                    block.getDigest(digest, 0, digest.length);
                    volumes.get(block.volumeId()).pending().set(block.blockIndex(), digest);
                }
            }
            case ZeroBlocksDecoder.TEMPLATE_ID ->
            {
                zeroBlocks.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
                if (isKnown(zeroBlocks.volumeId()))
                {
                    volumes.get(zeroBlocks.volumeId()).pending()
                        .zero(zeroBlocks.firstBlock(), zeroBlocks.blockCount());
                }
            }
            case VolumeRootDecoder.TEMPLATE_ID ->
            {
                volumeRoot.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
                volumeRoot.getRoot(digest, 0, digest.length);
                agrees &= isKnown(volumeRoot.volumeId()) &&
                    Arrays.equals(volumes.get(volumeRoot.volumeId()).pending().root(), digest);
            }
            case SealEpochDecoder.TEMPLATE_ID ->
            {
                sealEpoch.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
                consistency = Consistency.of(sealEpoch.consistency());
                sealed = true;
            }
            default -> agrees = false;
        }
    }

    private boolean isKnown(final int handle)
    {
        agrees &= volumes.has(handle) && volumes.get(handle).isOpen();
        return agrees;
    }
}
