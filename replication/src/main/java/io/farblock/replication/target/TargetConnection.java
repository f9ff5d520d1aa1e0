package io.farblock.replication.target;

import io.farblock.replication.identity.PeerIdentity;
import io.farblock.replication.identity.SiteTrust;
import io.farblock.replication.paths.Connection;
import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.ReceivedFrame;
import io.farblock.replication.paths.Refusal;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.sbe.HelloDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One incoming connection: a stranger until its first frame has said whose it is, then one of the paths of a peer.
 *
 * <p>Network's thread; {@code volatile} fields are read by the apply stage, which has the last three for itself.
 */
final class TargetConnection implements ConnectionHandler
{
    /** Finds the receiver of a site; the refusal of an unknown one is the caller's. */
    interface Directory
    {
        PeerReceiver receiverOf(String site);

        /** Something was refused; for status and log. */
        void refused(Refusal kind, String reason);
    }

    private final Directory directory;
    private final NanoClock clock;
    private final TargetWriter writer;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HelloDecoder hello = new HelloDecoder();
    private PeerReceiver receiver;
    private int pathIndex;
    private long linkSerial;
    private volatile Connection connection;
    private volatile long wholeFrames;
    private volatile long intervalNs;
    private long heardNs;
    private long seenBytes;
    private long seenFrames;

    TargetConnection(final Directory directory, final NanoClock clock, final TargetWriter writer)
    {
        this.directory = directory;
        this.clock = clock;
        this.writer = writer;
    }

    @Override
    public void onOpened(final Connection opened)
    {
        heardNs = clock.nanoTime();
        connection = opened;
    }

    @Override
    public void onFrame(final Connection from, final ReceivedFrame frame)
    {
        wholeFrames++;
        view.wrap(frame.memory(), 0, frame.lengthBytes());
        final int template = FrameRules.templateOf(view);
        try
        {
            if (template < 0)
            {
                refuse(Refusal.FRAME, "malformed frame");
            }
            else if (receiver == null)
            {
                introduce(template);
            }
            else
            {
                final String problem = receiver.onFrame(this, template, view, frame);
                if (problem != null)
                {
                    refuse(Refusal.FRAME, problem);
                }
            }
        }
        catch (final IndexOutOfBoundsException ex)
        {
            refuse(Refusal.FRAME, "malformed frame: a field reaches beyond its end");
        }
    }

    @Override
    public void onRefused(final Connection from, final String problem)
    {
        directory.refused(Refusal.FRAME, problem + ", from " + from.remote());
    }

    @Override
    public void onClosed(final String reason)
    {
        if (receiver != null)
        {
            receiver.leave(this, reason);
            receiver = null;
        }
    }

    Connection connection()
    {
        return connection;
    }

    /** Place of its path in the source's list; set before it joins. */
    int pathIndex()
    {
        return pathIndex;
    }

    /** Number of this connection within its path. */
    long linkSerial()
    {
        return linkSerial;
    }

    /** The source has promised to say something at least so often. */
    void promised(final long newIntervalNs)
    {
        intervalNs = newIntervalNs;
    }

    /** 0 while nothing was promised. */
    long intervalNs()
    {
        return intervalNs;
    }

    /** Notes whether bytes have arrived since the last look; true when they have, and made no whole frame. */
    boolean look(final long nowNs)
    {
        final long bytes = connection.receivedBytes();
        final long frames = wholeFrames;
        final boolean midFrame = bytes != seenBytes && frames == seenFrames;
        heardNs = bytes == seenBytes ? heardNs : nowNs;
        seenBytes = bytes;
        seenFrames = frames;
        return midFrame;
    }

    /** When a {@link #look} last found that something had arrived. */
    long heardNs()
    {
        return heardNs;
    }

    private void introduce(final int template)
    {
        if (template != HelloDecoder.TEMPLATE_ID)
        {
            refuse(Refusal.FRAME, "a first frame that is no introduction");
            return;
        }
        hello.wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
        final long high = hello.sessionHigh();
        final long low = hello.sessionLow();
        final long blockBytes = hello.blockBytes();
        linkSerial = hello.linkSerial();
        pathIndex = hello.pathIndex();
        final String site = hello.site();
        final PeerIdentity identity = connection.identity();
        if (identity != null && !identity.maySpeakFor(site))
        {
            refuse(Refusal.IDENTITY, "certificate " + SiteTrust.shown(identity.chain().get(0)) + " of " +
                String.join(", ", identity.sites()) + " may not speak for site \"" + site + '"');
            return;
        }
        final PeerReceiver found = directory.receiverOf(site);
        if (found == null)
        {
            refuse(Refusal.SITE, "site \"" + site + "\" is not one that this site keeps replicas for");
            return;
        }
        if (found.isSessionOfAnother(high, low, identity))
        {
            refuse(Refusal.SESSION, "certificate " + SiteTrust.shown(identity.chain().get(0)) +
                " came with the session of another one");
            return;
        }
        // Before it joins: whatever goes wrong in there, its end has to be told to whom it may have joined.
        receiver = found;
        final String problem = found.join(this, high, low, blockBytes);
        if (!problem.isEmpty())
        {
            receiver = null;
            refuse(Refusal.SITE, problem);
            return;
        }
        connection.frameLimit(found.frameLimitBytes());
    }

    private void refuse(final Refusal kind, final String reason)
    {
        directory.refused(kind, reason + ", from " + connection.remote());
        writer.refuse(connection, reason);
        connection.close(reason);
    }
}
