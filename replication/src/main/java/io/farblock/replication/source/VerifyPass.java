package io.farblock.replication.source;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.status.VerifyResult;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.RangeVerifiedDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * One online compare of a group. Range by range, the target reads its replica back and compares it with the digests
 * that were sealed, while the same range of the source is read and compared with them too: what differs there is
 * pending, not damaged. The trees were found equal before this began.
 *
 * <p>Capture thread.
 */
final class VerifyPass
{
    private static final int RANGE_BYTES = 4 << 20;
    private static final int DAMAGE_SHOWN = 100;

    private final SourceGroup group;
    private final PeerRequests requests;
    private final boolean repair;
    private final long epoch;
    private final Digest digest = new Digest();
    private final byte[] found = new byte[32];
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final RangeVerifiedDecoder rangeVerified = new RangeVerifiedDecoder();
    private final List<String> damaged = new ArrayList<>();
    private final ByteBuffer buffer;
    private int volumeIndex;
    private long nextBlock;
    private long checkedBytes;
    private long pendingBytes;
    private long damagedBlocks;
    private String problem = "";
    private boolean asked;

    VerifyPass(final SourceGroup group, final PeerRequests requests, final boolean repair, final long epoch)
    {
        this.group = group;
        this.requests = requests;
        this.repair = repair;
        this.epoch = epoch;
        this.buffer = AlignedBuffers.allocate(
            group.volumes().stream().mapToInt(SourceVolume::blockBytes).max().orElseThrow());
    }

    boolean isFinished()
    {
        return volumeIndex == group.volumes().size() || !problem.isEmpty();
    }

    boolean foundDamage()
    {
        return damagedBlocks > 0;
    }

    int step()
    {
        if (isFinished())
        {
            return 0;
        }
        final SourceVolume volume = group.volumes().get(volumeIndex);
        final int count = (int)Math.min(RANGE_BYTES / volume.blockBytes(), volume.blocks() - nextBlock);
        if (!asked)
        {
            asked = true;
            requests.verifyRange(volume.volumeId(), nextBlock, count, repair);
            comparePending(volume, count);
            return 1;
        }
        return requests.poll((template, frame) -> onVerified(volume, count, template, frame));
    }

    VerifyResult result(final boolean repaired, final String reason)
    {
        final String why = problem.isEmpty() ? reason : problem;
        return new VerifyResult(group.name(), epoch, damagedBlocks == 0 && why.isEmpty(), checkedBytes,
            List.copyOf(damaged), pendingBytes, repaired && damagedBlocks > 0, why);
    }

    static VerifyResult impossible(final SourceGroup group, final String reason)
    {
        return new VerifyResult(group.name(), group.newestSealed(), false, 0, List.of(), 0, false, reason);
    }

    private void onVerified(final SourceVolume volume, final int count, final int template, final DirectBuffer frame)
    {
        if (template != RangeVerifiedDecoder.TEMPLATE_ID)
        {
            return;
        }
        rangeVerified.wrapAndApplyHeader(frame, Frame.BODY_OFFSET, header);
        checkedBytes += rangeVerified.checkedBytes();
        if (rangeVerified.errorNumber() != 0)
        {
            problem = "volume " + volume.config().name() + ": the target cannot read its replica between blocks " +
                nextBlock + " and " + (nextBlock + count) + ": " + Errno.describe(rangeVerified.errorNumber());
            return;
        }
        final int damagedLength = rangeVerified.damagedLength();
        final int offset = rangeVerified.limit() + RangeVerifiedDecoder.damagedHeaderLength();
        for (int at = 0; at < damagedLength; at += Long.BYTES)
        {
            final long block = frame.getLong(offset + at, ByteOrder.LITTLE_ENDIAN);
            if (block < nextBlock || block >= nextBlock + count)
            {
                problem = "volume " + volume.config().name() + ": the target calls block " + block +
                    " damaged, expected " + nextBlock + " to " + (nextBlock + count - 1) + ", which it was asked for";
                return;
            }
            damage(volume, block);
        }
        asked = false;
        nextBlock += count;
        if (nextBlock >= volume.blocks())
        {
            nextBlock = 0;
            volumeIndex++;
        }
    }

    private void damage(final SourceVolume volume, final long block)
    {
        damagedBlocks++;
        if (damaged.size() < DAMAGE_SHOWN)
        {
            damaged.add("volume " + volume.config().name() + " offset " + block * volume.blockBytes() + " length " +
                volume.lengthOf(block));
        }
        else if (damaged.size() == DAMAGE_SHOWN)
        {
            damaged.add("and more");
        }
    }

    private void comparePending(final SourceVolume volume, final int count)
    {
        for (long block = nextBlock; block < nextBlock + count; block++)
        {
            final int length = volume.lengthOf(block);
            final int result = volume.device().read(block * volume.blockBytes(), buffer, 0, length);
            if (result < 0)
            {
                problem = "volume " + volume.config().name() + ": cannot read " + volume.device().name() +
                    " at offset " + block * volume.blockBytes() + ": " + Errno.describe(result);
                return;
            }
            buffer.limit(length).position(0);
            digest.of(buffer, found);
            buffer.clear();
            if (!volume.table().has(block, found))
            {
                pendingBytes += length;
            }
        }
    }
}
