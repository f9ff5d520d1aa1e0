package io.farblock.replication.source;

import io.farblock.replication.paths.Network;
import io.farblock.replication.paths.Path;
import io.farblock.replication.paths.PathLink;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.paths.PathState;
import io.farblock.replication.paths.Scheduler;
import io.farblock.replication.status.StageMeter;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Sends frames on whichever path should deliver them first, keeps them until they are acknowledged, and sends again
 * what a lost path may have lost. Keeps the paths connected.
 *
 * <p>Thread {@code src-send}. The only writer of the ring's {@code acknowledged} sequence: only here is a slot freed.
 */
final class SendStage implements Agent
{
    private static final int BATCH = 64;

    private final SourceRing ring;
    private final SourceSession session;
    private final List<Path> paths;
    private final Network network;
    private final NanoClock clock;
    private final LongUnaryOperator jitter;
    private final Scheduler scheduler;
    private final PeerMessages messages;
    private final OneToOneRingBuffer requests;
    private final StageMeter meter = new StageMeter("send");

    private final MessageHandler forward;
    private long sent = -1;
    private boolean resendNeeded;
    private boolean wasAnyUp;
    private Path acksOn;
    private long nowNs;
    private int ownSerial;
    private volatile long readySession = -1;

    SendStage(
        final SourceRing ring,
        final SourceSession session,
        final List<Path> paths,
        final PathMode mode,
        final PeerMessages messages,
        final OneToOneRingBuffer requests,
        final SourceRuntime runtime)
    {
        this.ring = ring;
        this.session = session;
        this.paths = paths;
        this.messages = messages;
        this.requests = requests;
        this.forward = messages::forward;
        this.network = runtime.network();
        this.clock = runtime.clock();
        this.jitter = runtime.jitter();
        this.scheduler = new Scheduler(paths, mode, (long)ring.slots * ring.blockBytes);
        this.ownSerial = network.ownSerial();
    }

    @Override
    public void onStart()
    {
        meter.started();
    }

    @Override
    public int doWork()
    {
        nowNs = clock.nanoTime();
        if (network.ownSerial() != ownSerial)
        {
            // The target knows the session as the old certificate's, and would take it for stolen.
            ownSerial = network.ownSerial();
            sessionLost("this site's certificate is another one now");
        }
        final int heard = messages.receive(nowNs, this);
        int work = heard + followPaths();
        // While answers wait to be read, none of them is overdue.
        work += heard < PeerMessages.BATCH ? judgePaths() : 0;
        // What a suspect path carries was kept there while there was no better one.
        final boolean isAnyUp = scheduler.isAnyUp();
        resendNeeded |= isAnyUp && !wasAnyUp;
        wasAnyUp = isAnyUp;
        work += acknowledge();
        work += resendNeeded ? resend() : 0;
        work += sendNew();
        work += sendRequests();
        if (work > 0)
        {
            flush();
        }
        return work;
    }

    @Override
    public String roleName()
    {
        return "src-send";
    }

    /** Serial of the session while at least one path is up in it, else -1. */
    long readySession()
    {
        return readySession;
    }

    /** Why nothing can be sent while {@link #readySession()} is -1: each path with its reason. */
    String waitingFor()
    {
        final StringBuilder text = new StringBuilder("no path is up");
        for (final Path path : paths)
        {
            text.append("; ").append(path.config().name()).append(": ").append(path.reason());
        }
        return text.toString();
    }

    StageMeter meter()
    {
        return meter;
    }

    /** The target continues another life than the one we know: start over. */
    void sessionLost(final String reason)
    {
        session.renew();
        readySession = -1;
        for (int i = 0; i < paths.size(); i++)
        {
            // Neither an answer of the target nor a new certificate of this side is a line's failure: none has to rest.
            paths.get(i).forgiveFailures();
            pathDown(paths.get(i), reason);
        }
    }

    /** A path is gone or given up: what it carried goes out on the others. */
    void pathDown(final Path path, final String reason)
    {
        if (path.link() != null)
        {
            path.down(reason, nowNs, jitter.applyAsLong(nowNs));
            messages.logPath(path);
        }
        resendNeeded = true;
    }

    private int followPaths()
    {
        int work = 0;
        final boolean alone = !scheduler.isAnyConnected();
        for (int i = 0; i < paths.size(); i++)
        {
            final Path path = paths.get(i);
            if (path.obey(nowNs))
            {
                messages.logPath(path);
                resendNeeded = true;
                work++;
            }
            if (path.isDue(nowNs, alone))
            {
                network.connect(path.config(), messages.handlerOf(path.connecting(nowNs)));
                work++;
            }
            work += path.link() == null ? 0 : follow(path);
        }
        return work;
    }

    private int follow(final Path path)
    {
        final PathLink link = path.link();
        if (link.closedReason() != null)
        {
            pathDown(path, link.closedReason());
            return 1;
        }
        if (link.connection() != null && link.takeIntroductionTurn())
        {
            messages.hello(path, session, ring.blockBytes);
            return 1;
        }
        return 0;
    }

    private int judgePaths()
    {
        int work = 0;
        for (int i = 0; i < paths.size(); i++)
        {
            final Path path = paths.get(i);
            final PathState before = path.state();
            path.judge(nowNs, jitter);
            if (path.state() != before)
            {
                messages.logPath(path);
                resendNeeded = true;
                work++;
            }
        }
        readySession = scheduler.isAnyConnected() ? session.serial() : -1;
        final Path fastest = scheduler.fastest(acksOn);
        final boolean moved = fastest != acksOn;
        acksOn = fastest;
        for (int i = 0; i < paths.size(); i++)
        {
            final Path path = paths.get(i);
            // The new place of acknowledgements is told at once: the old one may be dead.
            if (path.isHeartbeatDue(nowNs) || moved && path == fastest)
            {
                messages.heartbeat(path, path == fastest);
                work++;
            }
        }
        return work;
    }

    private int acknowledge()
    {
        final long from = ring.acknowledged.get();
        long done = from;
        while (done < sent && isFinished(ring.ring.get(done + 1)))
        {
            done++;
        }
        if (done > from)
        {
            ring.acknowledged.set(done);
        }
        return (int)(done - from);
    }

    private boolean isFinished(final SourceSlot slot)
    {
        return slot.frameSequence < 0 || slot.attempt.session != session.serial() ||
            slot.frameSequence <= session.receivedSequence();
    }

    private int sendNew()
    {
        final long to = Math.min(ring.compressedUpTo(), sent + BATCH);
        int work = 0;
        while (sent < to)
        {
            final SourceSlot slot = ring.ring.get(sent + 1);
            if (!isFinished(slot))
            {
                if (!session.admits(slot.frameSequence) || !send(slot))
                {
                    break;
                }
                meter.count(slot.lengthBytes);
                slot.attempt.payloadBytes += slot.payloadBytes;
            }
            sent++;
            work++;
        }
        return work;
    }

    private boolean send(final SourceSlot slot)
    {
        final Path path = scheduler.choose(slot.frameBytes(), nowNs);
        if (path == null || !send(slot, path))
        {
            return false;
        }
        slot.link = path.link();
        if (slot.isMark())
        {
            sendCopies(slot, path);
        }
        return true;
    }

    /** What begins or ends an epoch holds up everything behind it: the first of its copies to arrive counts. */
    private void sendCopies(final SourceSlot slot, final Path first)
    {
        for (int i = 0; i < paths.size(); i++)
        {
            final Path path = paths.get(i);
            if (path != first && scheduler.takesCopies(path, nowNs))
            {
                send(slot, path);
            }
        }
    }

    private boolean send(final SourceSlot slot, final Path path)
    {
        final boolean taken =
            path.send(slot.frame, slot.headBytes, slot.block, slot.blockOffset, slot.tailBytes, nowNs);
        slot.attempt.wireBytes += taken ? slot.frameBytes() : 0;
        return taken;
    }

    /** Frames that were on a path that is no longer up may never have arrived; the receiver drops those that did. */
    private int resend()
    {
        int work = 0;
        for (long sequence = ring.acknowledged.get() + 1; sequence <= sent; sequence++)
        {
            final SourceSlot slot = ring.ring.get(sequence);
            if (!isFinished(slot) && isLost(slot.link) && !session.hasArrived(slot.frameSequence))
            {
                if (!send(slot))
                {
                    return work;
                }
                paths.get(slot.link.pathIndex()).countResent();
                work++;
            }
        }
        resendNeeded = false;
        return work;
    }

    /** A connection that is only suspect loses nothing: what it carries goes out again where there is a better one. */
    private boolean isLost(final PathLink link)
    {
        final Path path = paths.get(link.pathIndex());
        return path.link() != link || path.state() == PathState.SUSPECT && scheduler.isAnyUp();
    }

    private int sendRequests()
    {
        return scheduler.choose(0, nowNs) == null ? 0 : requests.read(forward, 1);
    }

    boolean isAnyUp()
    {
        return scheduler.isAnyUp();
    }

    Path bestPath()
    {
        return scheduler.choose(0, nowNs);
    }

    private void flush()
    {
        for (int i = 0; i < paths.size(); i++)
        {
            final PathLink link = paths.get(i).link();
            if (link != null && link.connection() != null)
            {
                link.connection().flush();
            }
        }
    }
}
