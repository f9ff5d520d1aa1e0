package io.farblock.replication.target;

import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.merkle.TreeException;
import io.farblock.replication.resync.TreeCompare;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.ReceivedText;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.OpenVolumeDecoder;
import io.farblock.replication.wire.sbe.TreeQueryDecoder;
import io.farblock.replication.wire.sbe.VerifyRangeDecoder;
import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what a source asks between epochs: which copy is here, what its digests are, is it still what was sealed.
 * A question that cannot be answered now is dropped; the source repeats it.
 *
 * <p>Apply thread.
 */
final class TargetRequests
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.target");
    private static final int REASON_LIMIT = 1000;
    private static final int VERIFY_LIMIT_BYTES = 8 << 20;

    private final PeerReceiver receiver;
    private final List<ReplicaGroup> groups;
    private final List<ReplicaVolume> volumes;
    private final TargetWriter writer;
    private final LongArrayList damaged = new LongArrayList();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OpenVolumeDecoder openVolume = new OpenVolumeDecoder();
    private final TreeQueryDecoder treeQuery = new TreeQueryDecoder();
    private final VerifyRangeDecoder verifyRange = new VerifyRangeDecoder();
    private final MessageHandler onRequest = this::onRequest;
    private TargetConnection from;
    private String notNowReason = "";

    TargetRequests(
        final PeerReceiver receiver, final List<ReplicaGroup> groups, final List<ReplicaVolume> volumes,
        final TargetWriter writer)
    {
        this.receiver = receiver;
        this.groups = groups;
        this.volumes = volumes;
        this.writer = writer;
    }

    /** Answers what waits; with a reason, tells it to whoever asks for a volume and leaves the rest. */
    int answer(final String notNow)
    {
        notNowReason = notNow;
        return receiver.requests().read(onRequest, 2);
    }

    private void onRequest(final int type, final MutableDirectBuffer ring, final int index, final int lengthBytes)
    {
        from = receiver.connection(type - 1);
        if (from == null)
        {
            return;
        }
        view.wrap(ring, index, lengthBytes);
        try
        {
            switch (FrameRules.templateOf(view))
            {
                case OpenVolumeDecoder.TEMPLATE_ID -> open();
                case TreeQueryDecoder.TEMPLATE_ID -> tree();
                case VerifyRangeDecoder.TEMPLATE_ID -> verify();
                default -> throw new IllegalStateException("the receiver lets no other request pass");
            }
        }
        catch (final IndexOutOfBoundsException | TreeException ex)
        {
            LOG.warn("request peer={} remote={} state=dropped reason=\"{}\"", receiver.peer(),
                from.connection().remote(), ex.getMessage());
        }
    }

    private void open()
    {
        openVolume.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
        final long requestId = openVolume.requestId();
        final long sizeBytes = openVolume.sizeBytes();
        final int blockBytes = (int)openVolume.blockBytes();
        final String groupName = openVolume.volumeGroup();
        final String volumeName = openVolume.volume();
        final ReplicaGroup group =
            groups.stream().filter(known -> known.name().equals(groupName)).findFirst().orElse(null);
        final ReplicaVolume volume = group == null ? null : group.volume(volumeName);
        if (!notNowReason.isEmpty())
        {
            refuse(requestId, notNowReason, true);
            return;
        }
        if (volume == null)
        {
            refuse(requestId, "there is no replica for " + receiver.peer() + "/" + ReceivedText.name(groupName) + "/" +
                ReceivedText.name(volumeName) + ": add a [[replica]] to the target's configuration", false);
            return;
        }
        if (sizeBytes <= 0 || sizeBytes % 512 != 0 || Integer.bitCount(blockBytes) != 1 || blockBytes < 4096 ||
            blockBytes > 1 << 20)
        {
            refuse(requestId, "a volume of " + sizeBytes + " bytes in blocks of " + blockBytes + " is not possible",
                false);
            return;
        }
        try
        {
            final String problem = volume.open(sizeBytes, blockBytes);
            if (!problem.isEmpty() || volume.isRehashing())
            {
                final boolean reads = problem.isEmpty();
                refuse(requestId, reads ? "the replica waits: " + volume.reason() : problem, reads);
                return;
            }
            writer.volumeState(from.connection(), requestId, volumes.indexOf(volume), volume);
        }
        catch (final IOException | TreeException ex)
        {
            refuse(requestId, ex.getMessage(), false);
        }
    }

    private void refuse(final long requestId, final String reason, final boolean retryable)
    {
        writer.refuseVolume(from.connection(), requestId, retryable,
            reason.length() <= REASON_LIMIT ? reason : reason.substring(0, REASON_LIMIT));
    }

    private void tree()
    {
        treeQuery.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
        final ReplicaVolume volume = volumeOf(treeQuery.volumeId());
        final int level = treeQuery.level();
        final int count = treeQuery.pageCount();
        final long first = treeQuery.firstPage();
        if (volume == null)
        {
            return;
        }
        final DigestTree table = volume.table();
        if (count < 1 || count > TreeCompare.PAGES_PER_QUESTION || level >= table.shape().levels() || first < 0 ||
            first > table.shape().pages(level) - count)
        {
            from.connection().close("a tree query for level " + level + ", pages " + first + "+" + count +
                ", which the volume does not have");
            return;
        }
        table.root();
        writer.treePages(from.connection(), treeQuery.requestId(), volume, level, first, count);
    }

    private void verify()
    {
        verifyRange.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
        final ReplicaVolume volume = volumeOf(verifyRange.volumeId());
        final long first = verifyRange.firstBlock();
        final long count = verifyRange.blockCount();
        if (volume == null || !volume.contains(first, count) || count * volume.blockBytes() > VERIFY_LIMIT_BYTES)
        {
            from.connection().close("a verify query for blocks " + first + "+" + count +
                ", expected a range within the volume of at most " + VERIFY_LIMIT_BYTES + " bytes");
            return;
        }
        damaged.clear();
        int errorNumber = 0;
        try
        {
            for (long block = first; block < first + count && errorNumber == 0; block++)
            {
                errorNumber = compare(volume, block);
            }
        }
        catch (final IOException ex)
        {
            LOG.warn("verify peer={} group={} volume={} state=failed reason=\"{}\"", receiver.peer(),
                volume.config().group(), volume.config().volume(), ex.getMessage());
            errorNumber = Errno.EIO;
        }
        writer.rangeVerified(from.connection(), verifyRange.requestId(), volume.lengthOf(first, count), errorNumber,
            damaged);
    }

    /** Compares one block with its sealed digest; 0, or the errno of the read. */
    private int compare(final ReplicaVolume volume, final long block) throws IOException
    {
        final byte[] found = volume.digestOnDevice(block);
        if (found == null)
        {
            return Errno.EIO;
        }
        if (!volume.table().has(block, found))
        {
            damaged.addLong(block);
            LOG.error("damage peer={} group={} volume={} offset={}", receiver.peer(), volume.config().group(),
                volume.config().volume(), block * volume.blockBytes());
            if (verifyRange.repair() == 1)
            {
                volume.forget(block, found);
            }
        }
        return 0;
    }

    private ReplicaVolume volumeOf(final int handle)
    {
        final ReplicaVolume volume = notNowReason.isEmpty() && handle < volumes.size() ? volumes.get(handle) : null;
        return volume != null && volume.isOpen() ? volume : null;
    }
}
