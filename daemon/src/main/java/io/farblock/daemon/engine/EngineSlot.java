package io.farblock.daemon.engine;

import io.farblock.daemon.config.DaemonConfig;
import io.farblock.replication.source.MarksWritten;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.VerifyResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The place of an engine that can be taken out and put back while everybody goes on asking. Without one it has nothing
 * to show, and what is asked of it is refused with the reason.
 *
 * <p>Any thread asks. Launch, rest and close exclude each other, so that a close finds either an engine or none: after
 * it, nothing is launched any more.
 */
public final class EngineSlot implements Engine
{
    private final Function<DaemonConfig, Engine> launcher;
    private final Function<DaemonConfig, AutoCloseable> resting;
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private volatile Engine engine;
    private volatile String reason = "not launched yet";
    private AutoCloseable rest;
    private boolean closed;

    /**
     * @param launcher makes and launches an engine.
     * @param resting  makes what goes on while there is none.
     */
    public EngineSlot(
        final Function<DaemonConfig, Engine> launcher, final Function<DaemonConfig, AutoCloseable> resting)
    {
        this.launcher = launcher;
        this.resting = resting;
    }

    /**
     * Puts an engine in.
     *
     * @throws IllegalStateException when it cannot be launched, or this is closed; there is none then.
     */
    public synchronized void launch(final DaemonConfig config)
    {
        if (closed)
        {
            throw new IllegalStateException("the daemon stops");
        }
        if (engine != null)
        {
            throw new IllegalStateException("an engine runs already");
        }
        endRest();
        try
        {
            engine = launcher.apply(config);
        }
        catch (final RuntimeException failure)
        {
            try
            {
                beginRest(config);
            }
            catch (final RuntimeException alsoFailed)
            {
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
        engine.failed().thenAccept(failed::complete);
    }

    /**
     * Takes the engine out and closes it.
     *
     * @param why for whoever asks it for something meanwhile.
     */
    public synchronized void rest(final DaemonConfig config, final String why)
    {
        if (closed || engine == null)
        {
            return;
        }
        final Engine leaving = engine;
        reason = why;
        engine = null;
        try
        {
            leaving.close();
        }
        finally
        {
            // also when it could not be closed well: nobody else keeps the marks of what is written now
            beginRest(config);
        }
    }

    private void beginRest(final DaemonConfig config)
    {
        rest = resting.apply(config);
    }

    private void endRest()
    {
        if (rest != null)
        {
            final AutoCloseable ended = rest;
            rest = null;
            try
            {
                ended.close();
            }
            catch (final Exception failure)
            {
                throw new IllegalStateException("what kept the marks cannot be closed: " + failure, failure);
            }
        }
    }

    /** Whether there is one. */
    public boolean isRunning()
    {
        return engine != null;
    }

    @Override
    public List<String> groups()
    {
        return running().groups();
    }

    @Override
    public List<SourceStatus> sources()
    {
        final Engine now = engine;
        return now == null ? List.of() : now.sources();
    }

    @Override
    public TargetStatus target()
    {
        final Engine now = engine;
        return now == null ? null : now.target();
    }

    @Override
    public CompletableFuture<EpochResult> epochNow(final String group)
    {
        return running().epochNow(group);
    }

    @Override
    public CompletableFuture<VerifyResult> verify(final String group, final boolean repair)
    {
        return running().verify(group, repair);
    }

    @Override
    public void path(final String peer, final String path, final boolean enabled)
    {
        running().path(peer, path, enabled);
    }

    @Override
    public void reload(final DaemonConfig fresh)
    {
        final Engine now = engine;
        if (now != null)
        {
            now.reload(fresh);
        }
    }

    @Override
    public CompletableFuture<MarksWritten> persist()
    {
        final Engine now = engine;
        return now == null ? Engine.super.persist() : now.persist();
    }

    @Override
    public CompletableFuture<Throwable> failed()
    {
        return failed;
    }

    @Override
    public synchronized void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        reason = "the daemon stops";
        try
        {
            endRest();
        }
        finally
        {
            if (engine != null)
            {
                engine.close();
            }
        }
    }

    private Engine running()
    {
        final Engine now = engine;
        if (now == null)
        {
            throw new EngineRestsException(reason);
        }
        return now;
    }
}
