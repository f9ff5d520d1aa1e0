package io.farblock.daemon.control;

import io.farblock.daemon.engine.Engine;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers commands. One thread over a selector; everything about a client is done there, and what the engine completes
 * on its own threads is handed over through a queue that holds one entry a client at most.
 *
 * <p>A client that sends garbage, too much, or nothing loses its own connection and nothing else happens. When all
 * places are taken, the one that has been idle longest makes room; some places are never given to long requests, so
 * that {@code status} is answered whatever waits.
 */
public final class ControlServer implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    static final int MOST_CLIENTS = 32;
    private static final int MOST_BUSY = 24;
    private static final long PROGRESS_MS = 200;
    private static final long IDLE_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    private final ControlSocket socket;
    private final RequestDispatcher dispatcher;
    private final NanoClock clock;
    private final PeerRule rule;
    private final Selector selector;
    private final List<ControlSession> sessions = new ArrayList<>();
    private final Queue<Runnable> completions = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "control");
    private long nextTickNs;
    private volatile boolean closing;

    public ControlServer(
        final ControlSocket socket, final Engine engine, final RunningSite site, final NanoClock clock)
    {
        this.socket = socket;
        this.dispatcher = new RequestDispatcher(engine, site, this::mayWait, this::handOver);
        this.clock = clock;
        this.rule = PeerRule.ofThisProcess();
        this.nextTickNs = clock.nanoTime();
        try
        {
            this.selector = Selector.open();
        }
        catch (final IOException failed)
        {
            throw new IllegalStateException("control socket " + socket.path() + " cannot be served: " + failed, failed);
        }
    }

    public ControlServer launch()
    {
        thread.start();
        return this;
    }

    /** Drops all clients and ends the thread. Idempotent. The socket stays its owner's to close. */
    @Override
    public void close()
    {
        closing = true;
        selector.wakeup();
        try
        {
            thread.join();
            selector.close();
        }
        catch (final InterruptedException interrupted)
        {
            Thread.currentThread().interrupt();
        }
        catch (final IOException failed)
        {
            LOG.warn("control-close error={}", failed.toString());
        }
    }

    private void run()
    {
        try
        {
            final SelectionKey accept = socket.channel().register(selector, SelectionKey.OP_ACCEPT);
            while (!closing)
            {
                selector.select(PROGRESS_MS);
                for (final SelectionKey key : selector.selectedKeys())
                {
                    serve(accept, key);
                }
                selector.selectedKeys().clear();
                for (Runnable next = completions.poll(); next != null; next = completions.poll())
                {
                    next.run();
                }
                tick(accept, clock.nanoTime());
            }
        }
        catch (final IOException | RuntimeException unexpected)
        {
            LOG.error("control-dead path={} commands are not answered any more", socket.path(), unexpected);
        }
        finally
        {
            sessions.clear();
            for (final SelectionKey key : selector.keys())
            {
                if (key.attachment() instanceof ControlSession session)
                {
                    session.close();
                }
            }
        }
    }

    private void serve(final SelectionKey accept, final SelectionKey key)
    {
        if (key == accept)
        {
            accept(accept);
            return;
        }
        final ControlSession session = (ControlSession)key.attachment();
        guarded(session, () ->
        {
            if (key.isValid() && key.isWritable())
            {
                session.send();
                if (session.isFinished())
                {
                    drop(session);
                }
            }
            if (key.isValid() && key.isReadable())
            {
                session.receive(clock.nanoTime());
                answer(session);
            }
        });
    }

    private void accept(final SelectionKey key)
    {
        try
        {
            final SocketChannel channel = socket.channel().accept();
            if (channel != null)
            {
                admit(channel);
            }
        }
        catch (final IOException failed)
        {
            // Out of descriptors, for example: the pending connection stays, so the selector would spin; the next tick
            // looks again.
            LOG.warn("control-accept error={}", failed.toString());
            key.interestOps(0);
        }
    }

    private void admit(final SocketChannel channel) throws IOException
    {
        channel.configureBlocking(false);
        final ControlSession session = new ControlSession(
            channel, channel.register(selector, 0), clock.nanoTime());
        session.updateInterest();
        channel.keyFor(selector).attach(session);
        guarded(session, () ->
        {
            if (!rule.admits(channel))
            {
                refuse(session, ExitCode.FAILED, "only root and the daemon's own user may ask it");
            }
            else if (sessions.size() >= MOST_CLIENTS && !makeRoom())
            {
                refuse(session, ExitCode.NOT_NOW, "the daemon already serves " + MOST_CLIENTS + " clients");
            }
            else
            {
                sessions.add(session);
            }
        });
    }

    private boolean makeRoom()
    {
        final Optional<ControlSession> idle = sessions.stream().filter(session -> !session.isBusy())
            .min(Comparator.comparingLong(ControlSession::lastActiveNs));
        idle.ifPresent(this::drop);
        return idle.isPresent();
    }

    /** Answers every complete line; the client's end is the end of the session once nothing is owed. */
    private void answer(final ControlSession session) throws IOException
    {
        for (byte[] line = session.nextLine(); line != null; line = session.nextLine())
        {
            final Request request;
            try
            {
                request = ControlJson.parse(line, Request.class);
            }
            catch (final IllegalArgumentException garbage)
            {
                refuse(session, ExitCode.USAGE, "not a request; expected a line such as {\"command\":\"status\"}");
                return;
            }
            dispatcher.dispatch(session, request);
        }
        if (session.isOversize())
        {
            refuse(session, ExitCode.USAGE, "a request is longer than " + ControlSession.LARGEST_REQUEST_BYTES
                + " bytes");
            return;
        }
        session.updateInterest();
        if (session.isFinished())
        {
            drop(session);
        }
    }

    private void tick(final SelectionKey accept, final long nowNs)
    {
        if (nowNs - nextTickNs < 0)
        {
            return;
        }
        nextTickNs = nowNs + TimeUnit.MILLISECONDS.toNanos(PROGRESS_MS);
        accept.interestOps(SelectionKey.OP_ACCEPT);
        List<SourceStatus> sources = null;
        for (final ControlSession session : List.copyOf(sessions))
        {
            if (!session.isBusy() && nowNs - session.lastActiveNs() > IDLE_LIMIT_NS)
            {
                drop(session);
            }
            // A client that does not keep up gets fewer progress lines, not a longer queue.
            else if (session.watchedGroup() != null && !session.isBacklogged())
            {
                sources = sources == null ? dispatcher.sources() : sources;
                report(session, sources);
            }
        }
    }

    private void report(final ControlSession session, final List<SourceStatus> sources)
    {
        final Optional<GroupStatus> group = RequestDispatcher.groupStatus(sources, session.watchedGroup());
        guarded(session, () ->
        {
            if (group.isPresent())
            {
                session.reply(Reply.progress(group.get()));
            }
        });
    }

    /** Runs a completed request's end on the control thread. Called from the engine's threads. */
    private void handOver(final ControlSession session, final Reply reply)
    {
        completions.add(() -> guarded(session, () ->
        {
            session.reply(reply);
            answer(session);
        }));
        selector.wakeup();
    }

    private boolean mayWait()
    {
        return sessions.stream().filter(ControlSession::isBusy).count() < MOST_BUSY;
    }

    private void refuse(final ControlSession session, final ExitCode exit, final String message) throws IOException
    {
        session.end();
        session.reply(Reply.error(exit, message));
        if (session.isFinished())
        {
            drop(session);
        }
    }

    private void drop(final ControlSession session)
    {
        sessions.remove(session);
        session.close();
    }

    /** Whatever goes wrong with one client ends that client's session. */
    private void guarded(final ControlSession session, final ClientWork work)
    {
        try
        {
            work.run();
        }
        catch (final IOException | RuntimeException broken)
        {
            drop(session);
        }
    }

    /** Work for one client, which may be gone. */
    private interface ClientWork
    {
        void run() throws IOException;
    }
}
