package io.farblock.replication.target;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import io.farblock.replication.journal.JournalSegment;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.wire.BlockCodec;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.OpenVolumeDecoder;
import io.farblock.replication.wire.sbe.SealEpochDecoder;
import io.farblock.replication.wire.sbe.ZeroBlocksDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Brings a group's replicas from one sealed epoch to the next, from a journal segment that ends in a seal. May be
 * stopped anywhere and done again from the beginning: every record says what a block is to be, not how it changes.
 *
 * <p>Apply thread, some records a call.
 */
final class ApplyPass
{
    private static final int RUN_BYTES = 1 << 20;
    private static final int RECORDS_A_STEP = 64;

    private final ReplicaGroup group;
    private final SegmentVolumes volumes;
    private final long epoch;
    private final Consistency consistency;
    private final JournalSegment segment;
    private final BlockCodec codec = new BlockCodec(0);
    private final ByteBuffer frame;
    private final ByteBuffer run;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final BlockDecoder block = new BlockDecoder();
    private final ZeroBlocksDecoder zeroBlocks = new ZeroBlocksDecoder();
    private ReplicaVolume runVolume;
    private long runBlock;
    private int runBytes;
    private boolean finished;

    ApplyPass(
        final ReplicaGroup group, final long epoch, final Consistency consistency, final int maxBlockBytes)
    {
        this.group = group;
        this.volumes = new SegmentVolumes(group);
        this.epoch = epoch;
        this.consistency = consistency;
        this.segment = group.segment();
        this.frame = AlignedBuffers.allocate(BlockCodec.frameBytes(maxBlockBytes));
        this.run = AlignedBuffers.allocate(Math.max(RUN_BYTES, maxBlockBytes));
        restart();
    }

    /** Begins again with the first record. */
    void restart()
    {
        segment.rewind();
        runBytes = 0;
    }

    boolean isFinished()
    {
        return finished;
    }

    ReplicaGroup group()
    {
        return group;
    }

    long epoch()
    {
        return epoch;
    }

    /**
     * Applies some records; at the end makes the replicas durable and moves their digests.
     *
     * @return 0 or more, or -errno of the device that refused; the pass then has to be restarted.
     * @throws IOException when the segment is not what was sealed, or a table or record cannot be written.
     */
    int step() throws IOException
    {
        for (int i = 0; i < RECORDS_A_STEP; i++)
        {
            final int lengthBytes = segment.read(frame);
            if (lengthBytes <= 0)
            {
                throw damaged();
            }
            final int result = apply(lengthBytes);
            if (result < 0 || finished)
            {
                return result;
            }
        }
        return RECORDS_A_STEP;
    }

    void close()
    {
        codec.close();
    }

    private IOException damaged()
    {
        return new IOException("its journal is damaged: " + segment.framesRead() + " of " + segment.frames() +
            " records can be read; nothing behind them was applied, the segment stays: see to the disk of the state");
    }

    private int apply(final int lengthBytes) throws IOException
    {
        view.wrap(frame, 0, lengthBytes);
        switch (FrameRules.templateOf(view))
        {
            case BlockDecoder.TEMPLATE_ID ->
            {
                block.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
                return write(volumes.get(block.volumeId()));
            }
            case ZeroBlocksDecoder.TEMPLATE_ID ->
            {
                zeroBlocks.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
                final ReplicaVolume volume = volumes.get(zeroBlocks.volumeId());
                final int result = writeRun();
                return result < 0 ? result : volume.replica().zero(
                    zeroBlocks.firstBlock() * volume.blockBytes(),
                    volume.lengthOf(zeroBlocks.firstBlock(), zeroBlocks.blockCount()));
            }
            case OpenVolumeDecoder.TEMPLATE_ID -> volumes.learn(view);
            case SealEpochDecoder.TEMPLATE_ID ->
            {
                return finish();
            }
            default ->
            {
                // Roots were checked before the pass began.
                return 0;
            }
        }
        return 0;
    }

    private int write(final ReplicaVolume volume)
    {
        final int lengthBytes = (int)block.lengthBytes();
        final boolean follows = volume == runVolume && runBytes > 0 &&
            block.blockIndex() * volume.blockBytes() == runBlock * volume.blockBytes() + runBytes &&
            runBytes + lengthBytes <= run.capacity();
        if (!follows)
        {
            final int result = writeRun();
            if (result < 0)
            {
                return result;
            }
            runVolume = volume;
            runBlock = block.blockIndex();
        }
        if (!codec.decode(block, frame, run, runBytes))
        {
            return -Errno.EIO;
        }
        runBytes += lengthBytes;
        return 0;
    }

    private int writeRun()
    {
        final int lengthBytes = runBytes;
        runBytes = 0;
        return lengthBytes == 0 ? 0 :
            runVolume.replica().write(runBlock * runVolume.blockBytes(), run, 0, lengthBytes);
    }

    private int finish() throws IOException
    {
        // One that was passed over would leave an old block below a new digest.
        if (segment.framesRead() != segment.frames())
        {
            throw damaged();
        }
        final int result = writeRun();
        if (result < 0)
        {
            return result;
        }
        for (final ReplicaVolume volume : group.volumes())
        {
            final int flushed = volume.flush();
            if (flushed < 0)
            {
                return flushed;
            }
        }
        for (final ReplicaVolume volume : group.volumes())
        {
            volume.sealed(epoch, consistency);
        }
        // Last: while the segment is there, a crash is mended from it.
        group.dropSegment();
        finished = true;
        return 0;
    }
}
