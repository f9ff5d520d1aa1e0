package io.farblock.replication.source;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.Wakeup;
import io.farblock.replication.paths.Connection;
import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.Path;
import io.farblock.replication.paths.PathLink;
import io.farblock.replication.paths.ReceivedFrame;
import io.farblock.replication.paths.PathState;
import io.farblock.replication.source.SourceSession.AttemptReport;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.ReceivedText;
import io.farblock.replication.wire.sbe.AckDecoder;
import io.farblock.replication.wire.sbe.AckDecoder.LinksDecoder;
import io.farblock.replication.wire.sbe.AckDecoder.RangesDecoder;
import io.farblock.replication.wire.sbe.AttemptState;
import io.farblock.replication.wire.sbe.HeartbeatEncoder;
import io.farblock.replication.wire.sbe.HelloEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.RangeVerifiedDecoder;
import io.farblock.replication.wire.sbe.RefuseDecoder;
import io.farblock.replication.wire.sbe.TreePagesDecoder;
import io.farblock.replication.wire.sbe.VolumeStateDecoder;
import io.farblock.replication.wire.sbe.WelcomeDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said on the paths besides blocks: introductions, heartbeats and acknowledgements here, requests and their
 * answers handed on between capture and the peer. Frames wait in bounded rings between threads; one that finds its ring
 * full is dropped, as a lost path would drop it, and its sender repeats it.
 *
 * <p>Everything but the connection handlers runs in the send agent.
 */
final class PeerMessages
{
    /** Frames that the target may send: tree pages are the largest. */
    private static final int INCOMING_LIMIT_BYTES = 64 * 1024;
    private static final int INBOX_BYTES = 1 << 20;
    static final int BATCH = 64;
    private static final Logger LOG = LoggerFactory.getLogger("farblock.paths");

    private final String site;
    private final String peer;
    private final List<Path> paths;
    private final SourceSession session;
    private final OneToOneRingBuffer replies;
    private final ByteBuffer requestMemory;
    private final Wakeup wakeup;
    private final ManyToOneRingBuffer inbox = new ManyToOneRingBuffer(new UnsafeBuffer(
        AlignedBuffers.allocate(INBOX_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final ByteBuffer memory = AlignedBuffers.allocate(Frame.CONTROL_LIMIT_BYTES);
    private final UnsafeBuffer buffer = new UnsafeBuffer(memory);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final Frame frame = new Frame();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HelloEncoder hello = new HelloEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final WelcomeDecoder welcome = new WelcomeDecoder();
    private final RefuseDecoder refuse = new RefuseDecoder();
    private final AckDecoder ack = new AckDecoder();
    private final MessageHandler onMessage = this::onMessage;
    private long nowNs;
    private SendStage sender;

    PeerMessages(
        final SourceConfig config,
        final List<Path> paths,
        final SourceSession session,
        final OneToOneRingBuffer replies,
        final ByteBuffer requestMemory,
        final Wakeup wakeup)
    {
        this.site = config.site();
        this.peer = config.peer();
        this.paths = paths;
        this.session = session;
        this.replies = replies;
        this.requestMemory = requestMemory;
        this.wakeup = wakeup;
    }

    /** What the network tells of one attempt to connect; called on its thread. */
    ConnectionHandler handlerOf(final PathLink link)
    {
        return new ConnectionHandler()
        {
            @Override
            public void onOpened(final Connection connection)
            {
                connection.frameLimit(INCOMING_LIMIT_BYTES);
                link.opened(connection);
                wakeup.signal();
            }

            @Override
            public void onFrame(final Connection connection, final ReceivedFrame received)
            {
                final int lengthBytes = received.lengthBytes();
                final int index = inbox.tryClaim(link.pathIndex() + 1, lengthBytes + Integer.BYTES);
                if (index > 0)
                {
                    inbox.buffer().putInt(index, link.serial());
                    inbox.buffer().putBytes(index + Integer.BYTES, received.memory(), 0, lengthBytes);
                    inbox.commit(index);
                    wakeup.signal();
                }
            }

            @Override
            public void onWritable(final Connection connection)
            {
                wakeup.signal();
            }

            @Override
            public void onClosed(final String reason)
            {
                link.closed(reason);
                wakeup.signal();
            }
        };
    }

    /** Takes what has arrived, at most {@link #BATCH} frames. */
    int receive(final long now, final SendStage stage)
    {
        nowNs = now;
        sender = stage;
        return inbox.read(onMessage, BATCH);
    }

    void hello(final Path path, final SourceSession of, final int blockBytes)
    {
        hello.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, headerEncoder)
            .sessionHigh(of.high())
            .sessionLow(of.low())
            .blockBytes(blockBytes)
            .linkSerial(path.link().serial())
            .pathIndex((short)path.index())
            .site(site)
            .path(path.config().name());
        path.introduced(nowNs);
        send(path, hello.limit());
    }

    /** @param acksHere whether the stream is to be acknowledged on this path from now on. */
    void heartbeat(final Path path, final boolean acksHere)
    {
        heartbeat.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, headerEncoder)
            .sentNs(nowNs)
            .intervalMs(TimeUnit.NANOSECONDS.toMillis(path.heartbeatIntervalNs()))
            .acksHere((short)(acksHere ? 1 : 0));
        path.heartbeatSent(nowNs);
        send(path, heartbeat.limit());
    }

    /** Sends one of capture's requests, a whole frame. */
    void forward(final int type, final MutableDirectBuffer ring, final int index, final int lengthBytes)
    {
        final Path path = sender.bestPath();
        if (path != null)
        {
            path.send(requestMemory, index, lengthBytes, nowNs);
        }
    }

    void logPath(final Path path)
    {
        LOG.info("path peer={} path={} state={} reason=\"{}\"", peer, path.config().name(),
            path.state(), path.reason());
    }

    private void send(final Path path, final int bodyEnd)
    {
        final int frameBytes = frame.seal(buffer, memory, 0, bodyEnd - Frame.BODY_OFFSET);
        path.ask(memory, frameBytes, nowNs);
    }

    private void onMessage(final int type, final MutableDirectBuffer ring, final int index, final int lengthBytes)
    {
        final Path path = paths.get(type - 1);
        final PathLink link = path.link();
        if (link == null || link.serial() != ring.getInt(index))
        {
            return;
        }
        path.heard(lengthBytes - Integer.BYTES, nowNs);
        view.wrap(ring, index + Integer.BYTES, lengthBytes - Integer.BYTES);
        try
        {
            onFrame(path);
        }
        catch (final IndexOutOfBoundsException | IllegalArgumentException ex)
        {
            sender.pathDown(path, "malformed frame from " + link.connection().remote() + ": " + ex.getMessage());
        }
    }

    private void onFrame(final Path path)
    {
        switch (FrameRules.templateOf(view))
        {
            case AckDecoder.TEMPLATE_ID -> onAck(path);
            case WelcomeDecoder.TEMPLATE_ID -> onWelcome(path);
            case RefuseDecoder.TEMPLATE_ID ->
            {
                refuse.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
                sender.pathDown(path, "refused by the target: " + ReceivedText.shown(refuse.reason()));
            }
            case VolumeStateDecoder.TEMPLATE_ID, TreePagesDecoder.TEMPLATE_ID, RangeVerifiedDecoder.TEMPLATE_ID ->
                replies.write(FrameRules.templateOf(view), view, 0, view.capacity());
            default -> sender.pathDown(path, "unexpected frame from " + path.link().connection().remote());
        }
    }

    private void onWelcome(final Path path)
    {
        welcome.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
        if (path.state() != PathState.CONNECTING)
        {
            return;
        }
        if (session.welcomed(
            welcome.incarnation(), welcome.receivedSequence(), welcome.windowFrames(), welcome.continued() == 1))
        {
            path.welcomed(nowNs);
            logPath(path);
        }
        else
        {
            sender.sessionLost("the target does not know what was sent to it: it was restarted, or served another");
        }
    }

    private void onAck(final Path path)
    {
        ack.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
        session.received(ack.receivedSequence());
        if (ack.heartbeatNs() != 0)
        {
            path.answered(ack.heartbeatNs(), !sender.isAnyUp(), nowNs);
        }
        session.forgetRanges();
        for (final RangesDecoder range : ack.ranges())
        {
            session.range(range.firstSequence(), range.frameCount());
        }
        for (final LinksDecoder found : ack.links())
        {
            delivered(found.pathIndex(), found.linkSerial(), found.receivedBytes());
        }
        // Lengths are compared, not texts: a string made of every ack would be garbage for every batch of frames.
        final AttemptReport known = session.report();
        final long attempt = ack.attempt();
        final AttemptState state = ack.attemptState();
        if (known.attempt() != attempt || known.state().ordinal() != state.value() ||
            known.reason().length() != ack.reasonLength())
        {
            session.report(new AttemptReport(
                attempt,
                AttemptReport.State.values()[state.value()],
                ack.retryable() == 1,
                ReceivedText.shown(ack.reason())));
        }
    }

    private void delivered(final int pathIndex, final long linkSerial, final long receivedBytes)
    {
        final Path path = pathIndex < paths.size() ? paths.get(pathIndex) : null;
        // What an older connection of the path received says nothing of this one.
        if (path != null && path.link() != null && path.link().serial() == linkSerial)
        {
            path.delivered(receivedBytes, nowNs);
        }
    }
}
