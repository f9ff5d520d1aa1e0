package io.farblock.replication.target;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.Wakeup;
import io.farblock.replication.paths.Network;
import io.farblock.replication.paths.ReceivedFrame;
import io.farblock.replication.wire.BlockCodec;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.sbe.HeartbeatDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.OpenVolumeDecoder;
import io.farblock.replication.wire.sbe.TreeQueryDecoder;
import io.farblock.replication.wire.sbe.VerifyRangeDecoder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what one peer sends, on any of its connections: frames of the stream go to the place of their sequence in the
 * ring, duplicates are dropped, requests wait for the apply stage. Holds the peer's session.
 *
 * <p>Network's thread, which is the ring's only producer.
 */
final class PeerReceiver
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.target");
    private static final int REQUESTS_BYTES = 1 << 16;
    /** Places in the ring that are not the window's: the mark of a session, and one for arithmetic's sake. */
    private static final int PLACES_KEPT = 2;

    private final String peer;
    private final TargetRing ring;
    private final long incarnation;
    private final TargetWriter writer;
    private final Wakeup wakeup;
    private final long[] published;
    private final AtomicReferenceArray<TargetConnection> connections =
        new AtomicReferenceArray<>(Network.CONNECTION_LIMIT);
    private final OneToOneRingBuffer requests = new OneToOneRingBuffer(new UnsafeBuffer(
        AlignedBuffers.allocate(REQUESTS_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private long sessionHigh;
    private long sessionLow;
    private boolean hasSession;

    private volatile int live;
    private volatile long base;
    private volatile long duplicates;
    private volatile long receivedBytes;
    private volatile AttemptReport report = AttemptReport.NONE;

    PeerReceiver(
        final String peer, final TargetRing ring, final long incarnation, final TargetWriter writer,
        final Wakeup wakeup)
    {
        this.peer = peer;
        this.ring = ring;
        this.incarnation = incarnation;
        this.writer = writer;
        this.wakeup = wakeup;
        this.published = new long[ring.slots];
        Arrays.fill(published, -1);
    }

    /**
     * Takes a connection into the session it names, or begins that session.
     *
     * @return empty, or why not.
     */
    String join(final TargetConnection connection, final long high, final long low, final long blockBytes)
    {
        if (blockBytes > ring.blockBytes)
        {
            return "site " + peer + " sends blocks of " + blockBytes + " bytes, expected at most " + ring.blockBytes +
                " (block_max)";
        }
        final boolean same = hasSession && high == sessionHigh && low == sessionLow;
        if (!same && live > 0)
        {
            return "another session of site " + peer + " is connected: are two of its daemons running?";
        }
        if (!same && !begin(high, low))
        {
            return "busy with what the last session left: try again";
        }
        for (int i = 0; i < connections.length(); i++)
        {
            if (connections.get(i) == null)
            {
                connections.set(i, connection);
                live++;
                writer.welcome(
                    connection.connection(), incarnation, received(), ring.slots - PLACES_KEPT);
                LOG.info("path peer={} remote={} state=up paths={}", peer, connection.connection().remote(), live);
                return "";
            }
        }
        return "site " + peer + " has too many connections";
    }

    int slotOf(final TargetConnection connection)
    {
        for (int i = 0; i < connections.length(); i++)
        {
            if (connections.get(i) == connection)
            {
                return i;
            }
        }
        throw new IllegalStateException("a connection that never joined");
    }

    void leave(final int slot, final String reason)
    {
        LOG.info("path peer={} remote={} state=down reason=\"{}\"", peer,
            connections.get(slot).connection().remote(), reason);
        connections.set(slot, null);
        live--;
    }

    /**
     * Takes a frame.
     *
     * @return null, or what is wrong with it.
     */
    String onFrame(
        final TargetConnection from, final int slot, final int template, final UnsafeBuffer view,
        final ReceivedFrame frame)
    {
        receivedBytes += view.capacity();
        if (FrameRules.isStream(template))
        {
            return stream(template, view, frame);
        }
        switch (template)
        {
            case HeartbeatDecoder.TEMPLATE_ID ->
            {
                heartbeat.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
                if (from.connection().isWritable())
                {
                    writer.ack(from, received(), heartbeat.sentNs(), report());
                }
            }
            case OpenVolumeDecoder.TEMPLATE_ID, TreeQueryDecoder.TEMPLATE_ID, VerifyRangeDecoder.TEMPLATE_ID ->
            {
                if (view.capacity() > Frame.CONTROL_LIMIT_BYTES)
                {
                    return "a request of " + view.capacity() + " bytes, expected at most " + Frame.CONTROL_LIMIT_BYTES;
                }
                requests.write(slot + 1, view, 0, view.capacity());
                wakeup.signal();
            }
            default ->
            {
                return "a frame of type " + template + ", which a source does not send";
            }
        }
        return null;
    }

    int frameLimitBytes()
    {
        return BlockCodec.frameBytes(ring.blockBytes);
    }

    /** Requests that wait, with the number of their connection. */
    OneToOneRingBuffer requests()
    {
        return requests;
    }

    /** A live connection, or null. */
    TargetConnection connection(final int slot)
    {
        return connections.get(slot);
    }

    /** Upper bound of connection numbers in use. */
    int connectionSlots()
    {
        return connections.length();
    }

    /** Every frame up to here is verified and kept; -1 for none. */
    long received()
    {
        return Math.max(-1, ring.applied.get() - base);
    }

    /** What the source is to be told of the newest attempt; said by the apply stage alone. */
    void report(final AttemptReport newReport)
    {
        report = newReport;
    }

    AttemptReport report()
    {
        // Until the mark of the session is taken, the apply stage works on what the last one left, and numbers of
        // attempts may mean others in this one: a source would take an old seal for its own.
        return ring.applied.get() < base - 1 ? AttemptReport.NONE : report;
    }

    String peer()
    {
        return peer;
    }

    int live()
    {
        return live;
    }

    long duplicates()
    {
        return duplicates;
    }

    long receivedBytes()
    {
        return receivedBytes;
    }

    String session()
    {
        return hasSession ? Long.toHexString(sessionHigh) : "";
    }

    private String stream(final int template, final DirectBuffer view, final ReceivedFrame frame)
    {
        final long sequence = FrameRules.sequenceOf(view);
        final long applied = ring.applied.get();
        final long last = applied + ring.slots - base;
        if (sequence < 0 || sequence > last)
        {
            return "a frame with sequence " + sequence + ", expected at most " + last;
        }
        final long place = base + sequence;
        if (place <= applied || published[index(place)] == place)
        {
            duplicates++;
            return null;
        }
        claimTo(place);
        final TargetSlot slot = ring.ring.get(place);
        slot.kind = TargetSlot.Kind.FRAME;
        slot.template = template;
        slot.frameBytes = view.capacity();
        slot.frame = frame.keep(slot.frame);
        publish(place);
        return null;
    }

    private boolean begin(final long high, final long low)
    {
        final long mark = ring.ring.getCursor() + 1;
        if (mark > ring.applied.get() + ring.slots)
        {
            return false;
        }
        for (long place = ring.applied.get() + 1; place < mark; place++)
        {
            if (published[index(place)] != place)
            {
                ring.ring.get(place).kind = TargetSlot.Kind.VOID;
                publish(place);
            }
        }
        claimTo(mark);
        ring.ring.get(mark).kind = TargetSlot.Kind.SESSION;
        base = mark + 1;
        publish(mark);
        sessionHigh = high;
        sessionLow = low;
        hasSession = true;
        return true;
    }

    private void claimTo(final long place)
    {
        final long cursor = ring.ring.getCursor();
        if (place > cursor)
        {
            // There is room: the place was checked against what is applied, and only this thread claims.
            ring.ring.next((int)(place - cursor));
        }
    }

    private void publish(final long place)
    {
        published[index(place)] = place;
        ring.ring.publish(place);
        wakeup.signal();
    }

    private int index(final long place)
    {
        return (int)(place & (ring.slots - 1));
    }
}
