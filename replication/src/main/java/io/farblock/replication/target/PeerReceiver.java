package io.farblock.replication.target;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.Wakeup;
import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.PeerIdentity;
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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
    /** Of one peer. */
    static final int MOST_PATHS = 32;
    private static final long LONGEST_INTERVAL_MS = TimeUnit.MINUTES.toMillis(1);
    /** Places in the ring that are not the window's: the mark of a session, and one for arithmetic's sake. */
    private static final int PLACES_KEPT = 2;

    private final String peer;
    private final TargetRing ring;
    private final long incarnation;
    private final TargetWriter writer;
    private final Wakeup wakeup;
    private final long[] published;
    private final AtomicReferenceArray<TargetConnection> connections = new AtomicReferenceArray<>(MOST_PATHS);
    private final OneToOneRingBuffer requests = new OneToOneRingBuffer(new UnsafeBuffer(
        AlignedBuffers.allocate(REQUESTS_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private long sessionHigh;
    private long sessionLow;
    private boolean hasSession;
    /** Whose certificate began the session; null when it began in clear. */
    private Fingerprint sessionOwner;

    private volatile TargetConnection acksOn;
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

    /** Whether these are the numbers of the present session, and it is not this identity's: they were stolen. */
    boolean isSessionOfAnother(final long high, final long low, final PeerIdentity identity)
    {
        return hasSession && high == sessionHigh && low == sessionLow &&
            !Objects.equals(sessionOwner, fingerprintOf(identity));
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
        if (connection.pathIndex() >= MOST_PATHS)
        {
            return "path " + connection.pathIndex() + " of site " + peer + ", expected less than " + MOST_PATHS;
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
        sessionOwner = fingerprintOf(connection.connection().identity());
        final TargetConnection older = connections.get(connection.pathIndex());
        if (older != null && older.linkSerial() > connection.linkSerial())
        {
            return "path " + connection.pathIndex() + " of site " + peer + " has a newer connection";
        }
        if (older != null)
        {
            // A line that was cut tells its ends at different times: the source is back before its old connection ends.
            older.connection().close("replaced by a newer connection of its path");
            leave(older, "replaced");
        }
        connections.set(connection.pathIndex(), connection);
        live++;
        writer.welcome(connection.connection(), incarnation, received(), ring.slots - PLACES_KEPT, same);
        LOG.info("path peer={} remote={} state=up paths={}", peer, connection.connection().remote(), live);
        return "";
    }

    /** A connection that joined is gone; told twice, it is gone once. */
    void leave(final TargetConnection connection, final String reason)
    {
        if (connections.get(connection.pathIndex()) != connection)
        {
            return;
        }
        LOG.info("path peer={} remote={} state=down reason=\"{}\"", peer, connection.connection().remote(), reason);
        connections.set(connection.pathIndex(), null);
        acksOn = acksOn == connection ? null : acksOn;
        live--;
    }

    /**
     * Takes a frame.
     *
     * @return null, or what is wrong with it.
     */
    String onFrame(
        final TargetConnection from, final int template, final UnsafeBuffer view, final ReceivedFrame frame)
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
                from.promised(
                    TimeUnit.MILLISECONDS.toNanos(Math.min(heartbeat.intervalMs(), LONGEST_INTERVAL_MS)));
                acksOn = heartbeat.acksHere() == 1 ? from : acksOn;
                if (from.connection().isWritable())
                {
                    writer.ack(from, this, heartbeat.sentNs());
                }
            }
            case OpenVolumeDecoder.TEMPLATE_ID, TreeQueryDecoder.TEMPLATE_ID, VerifyRangeDecoder.TEMPLATE_ID ->
            {
                if (view.capacity() > Frame.CONTROL_LIMIT_BYTES)
                {
                    return "a request of " + view.capacity() + " bytes, expected at most " + Frame.CONTROL_LIMIT_BYTES;
                }
                requests.write(from.pathIndex() + 1, view, 0, view.capacity());
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

    /** The live connection of a path, below {@link #MOST_PATHS}; or null. */
    TargetConnection connection(final int pathIndex)
    {
        return connections.get(pathIndex);
    }

    /** Where the source wants to hear how far the stream has come; null while it has not said, or that is gone. */
    TargetConnection acksOn()
    {
        return acksOn;
    }

    /**
     * Finds runs of frames that have arrived beyond {@link #received()}.
     *
     * @param runs takes first sequence and count of each, ascending.
     * @return how many runs; no more than fit.
     */
    int ranges(final long[] runs)
    {
        final long sessionBase = base;
        final long end = ring.ring.getCursor();
        int found = 0;
        long place = Math.max(sessionBase - 1, ring.applied.get()) + 1;
        while (place <= end && found < runs.length / 2)
        {
            final long first = place;
            while (place <= end && ring.ring.isAvailable(place))
            {
                place++;
            }
            if (place > first)
            {
                runs[2 * found] = first - sessionBase;
                runs[2 * found + 1] = place - first;
                found++;
            }
            else
            {
                place++;
            }
        }
        return found;
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
        // One place less than there are: the mark of the next session must fit behind all that this one leaves.
        final long last = applied + ring.slots - 1 - base;
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

    private static Fingerprint fingerprintOf(final PeerIdentity identity)
    {
        return identity == null ? null : identity.fingerprint();
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
