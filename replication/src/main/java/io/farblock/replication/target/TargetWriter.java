package io.farblock.replication.target;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.merkle.TreeShape;
import io.farblock.replication.paths.Connection;
import io.farblock.replication.resync.TreeCompare;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.sbe.AckEncoder;
import io.farblock.replication.wire.sbe.AckEncoder.LinksEncoder;
import io.farblock.replication.wire.sbe.AckEncoder.RangesEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.RangeVerifiedEncoder;
import io.farblock.replication.wire.sbe.RefuseEncoder;
import io.farblock.replication.wire.sbe.TreePagesEncoder;
import io.farblock.replication.wire.sbe.VolumeStateEncoder;
import io.farblock.replication.wire.sbe.WelcomeEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes what a target says. One instance a thread; each call sends one frame on one connection at once. */
final class TargetWriter
{
    private static final int REFUSED_VOLUME = 0xFFFF;
    /** Told of in one acknowledgement; what is beyond may be sent once more than needed. */
    private static final int MOST_RUNS = 16;
    private static final byte[] NO_ROOT = new byte[32];
    private static final int MEMORY_BYTES =
        Frame.OVERHEAD_BYTES + TreeCompare.PAGES_PER_QUESTION * TreeShape.PAGE_BYTES;

    private final ByteBuffer memory = AlignedBuffers.allocate(MEMORY_BYTES);
    private final UnsafeBuffer buffer = new UnsafeBuffer(memory);
    private final long[] runs = new long[2 * MOST_RUNS];
    private final TargetConnection[] live = new TargetConnection[PeerReceiver.MOST_PATHS];
    private final Frame frame = new Frame();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WelcomeEncoder welcome = new WelcomeEncoder();
    private final RefuseEncoder refuse = new RefuseEncoder();
    private final AckEncoder ack = new AckEncoder();
    private final VolumeStateEncoder volumeState = new VolumeStateEncoder();
    private final TreePagesEncoder treePages = new TreePagesEncoder();
    private final RangeVerifiedEncoder rangeVerified = new RangeVerifiedEncoder();

    void welcome(
        final Connection connection, final long incarnation, final long received, final int windowFrames,
        final boolean continued)
    {
        welcome.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .incarnation(incarnation)
            .receivedSequence(received)
            .windowFrames(windowFrames)
            .continued((short)(continued ? 1 : 0));
        send(connection, welcome.limit());
    }

    void refuse(final Connection connection, final String reason)
    {
        refuse.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header).reason(reason);
        send(connection, refuse.limit());
    }

    /** @param heartbeatNs what it answers, or 0. */
    void ack(final TargetConnection to, final PeerReceiver receiver, final long heartbeatNs)
    {
        final AttemptReport report = receiver.report();
        ack.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .receivedSequence(receiver.received())
            .heartbeatNs(heartbeatNs)
            .attempt(report.attempt())
            .attemptState(report.state())
            .retryable((short)(report.retryable() ? 1 : 0));
        final int ranges = receiver.ranges(runs);
        final RangesEncoder range = ack.rangesCount(ranges);
        for (int i = 0; i < ranges; i++)
        {
            range.next().firstSequence(runs[2 * i]).frameCount(runs[2 * i + 1]);
        }
        int links = 0;
        for (int i = 0; i < PeerReceiver.MOST_PATHS; i++)
        {
            final TargetConnection connection = receiver.connection(i);
            if (connection != null)
            {
                live[links++] = connection;
            }
        }
        final LinksEncoder link = ack.linksCount(links);
        for (int i = 0; i < links; i++)
        {
            link.next().receivedBytes(live[i].connection().receivedBytes()).linkSerial(live[i].linkSerial())
                .pathIndex((short)live[i].pathIndex());
        }
        ack.reason(report.reason());
        send(to.connection(), ack.limit());
    }

    /** Which copy a volume holds. */
    void volumeState(final Connection connection, final long requestId, final int volumeId, final ReplicaVolume volume)
    {
        final byte[] root = volume.table().root();
        volumeState.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .requestId(requestId)
            .volumeId(volumeId)
            .sealedEpoch(volume.appliedEpoch())
            .putRoot(root, 0, root.length)
            .retryable((short)1)
            .consistency((short)volume.consistency().ordinal())
            .reason("");
        send(connection, volumeState.limit());
    }

    /** Why it does not say which copy a volume holds. */
    void refuseVolume(
        final Connection connection, final long requestId, final boolean retryable, final String reason)
    {
        volumeState.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .requestId(requestId)
            .volumeId(REFUSED_VOLUME)
            .sealedEpoch(0)
            .putRoot(NO_ROOT, 0, NO_ROOT.length)
            .retryable((short)(retryable ? 1 : 0))
            .consistency((short)Consistency.FUZZY.ordinal())
            .reason(reason);
        send(connection, volumeState.limit());
    }

    /** Sends pages of a level of the volume's table; the caller has checked that they exist. */
    void treePages(
        final Connection connection, final long requestId, final ReplicaVolume volume, final int level,
        final long firstPage, final int pageCount)
    {
        treePages.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header).requestId(requestId);
        final int at = treePages.limit();
        buffer.putInt(at, pageCount * TreeShape.PAGE_BYTES, ByteOrder.LITTLE_ENDIAN);
        int end = at + TreePagesEncoder.pagesHeaderLength();
        for (int i = 0; i < pageCount; i++)
        {
            volume.table().copyPage(level, firstPage + i, memory, end);
            end += TreeShape.PAGE_BYTES;
        }
        send(connection, end);
    }

    void rangeVerified(
        final Connection connection, final long requestId, final long checkedBytes, final int errorNumber,
        final LongArrayList damaged)
    {
        rangeVerified.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .requestId(requestId)
            .checkedBytes(checkedBytes)
            .errorNumber(errorNumber);
        final int at = rangeVerified.limit();
        final int lengthBytes = damaged.size() * Long.BYTES;
        buffer.putInt(at, lengthBytes, ByteOrder.LITTLE_ENDIAN);
        final int end = at + RangeVerifiedEncoder.damagedHeaderLength();
        for (int i = 0; i < damaged.size(); i++)
        {
            buffer.putLong(end + i * Long.BYTES, damaged.getLong(i), ByteOrder.LITTLE_ENDIAN);
        }
        send(connection, end + lengthBytes);
    }

    private void send(final Connection connection, final int bodyEnd)
    {
        final int frameBytes = frame.seal(buffer, memory, 0, bodyEnd - Frame.BODY_OFFSET);
        if (connection.send(memory, 0, frameBytes))
        {
            connection.flush();
        }
    }
}
