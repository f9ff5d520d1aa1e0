package io.farblock.daemon.control;

import io.farblock.daemon.engine.Engine;
import io.farblock.daemon.engine.EngineRestsException;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a request into a call of the engine and its outcome into a reply. Runs on the control thread; only the end of
 * a long request comes from the engine's threads, and goes through {@code handOver}. An engine that throws costs the
 * client an error and nobody else anything.
 */
final class RequestDispatcher
{
    private static final Logger LOG = LoggerFactory.getLogger(RequestDispatcher.class);

    private final Engine engine;
    private final RunningSite site;
    private final BooleanSupplier mayWait;
    private final BiConsumer<ControlSession, Reply> handOver;

    RequestDispatcher(final Engine engine, final RunningSite site, final BooleanSupplier mayWait,
        final BiConsumer<ControlSession, Reply> handOver)
    {
        this.engine = engine;
        this.site = site;
        this.mayWait = mayWait;
        this.handOver = handOver;
    }

    void dispatch(final ControlSession session, final Request request) throws IOException
    {
        final String command = String.valueOf(request.command());
        try
        {
            switch (command)
            {
                case "status" -> session.reply(Reply.status(site.status()));
                case "epoch" -> epoch(session, known(request.group()), request.waits());
                case "verify" -> serveLong(session, null,
                    () -> engine.verify(known(request.group()), request.repair()), Reply::verify);
                case "path-enable", "path-disable" ->
                {
                    engine.path(request.peer(), String.valueOf(request.path()), "path-enable".equals(command));
                    session.reply(Reply.done());
                }
                case "reload" -> reload(session);
                default -> session.reply(Reply.error(ExitCode.USAGE,
                    "no command " + command + "; there are status, epoch, verify, reload, path-enable, path-disable"));
            }
        }
        catch (final IllegalArgumentException nothingLikeIt)
        {
            session.reply(Reply.error(ExitCode.USAGE, nothingLikeIt.getMessage()));
        }
        catch (final EngineRestsException rests)
        {
            session.reply(Reply.error(ExitCode.NOT_NOW, rests.getMessage()));
        }
        catch (final RuntimeException unexpected)
        {
            LOG.error("control-error command={}", command, unexpected);
            session.reply(Reply.error(ExitCode.FAILED, command + " failed: " + unexpected));
        }
    }

    /** What the sources say, or nothing when they cannot say it now. */
    List<SourceStatus> sources()
    {
        try
        {
            return engine.sources();
        }
        catch (final RuntimeException unexpected)
        {
            LOG.error("control-error command=progress", unexpected);
            return List.of();
        }
    }

    static Optional<GroupStatus> groupStatus(final List<SourceStatus> sources, final String group)
    {
        return sources.stream().flatMap(source -> source.groups().stream())
            .filter(candidate -> candidate.name().equals(group)).findFirst();
    }

    private String known(final String group)
    {
        final List<String> groups = engine.groups();
        if (group == null || !groups.contains(group))
        {
            throw new IllegalArgumentException("no group " + group + "; this site sends "
                + (groups.isEmpty() ? "none" : String.join(", ", groups)));
        }
        return group;
    }

    private void epoch(final ControlSession session, final String group, final boolean waits) throws IOException
    {
        if (waits)
        {
            serveLong(session, group, () -> engine.epochNow(group), Reply::epoch);
            return;
        }
        engine.epochNow(group);
        session.reply(groupStatus(engine.sources(), group).map(Reply::started)
            .orElseGet(() -> Reply.error(ExitCode.FAILED, "group " + group + " has no status")));
    }

    private void reload(final ControlSession session) throws IOException
    {
        try
        {
            session.reply(Reply.reloaded(site.reload()));
        }
        catch (final IllegalStateException refused)
        {
            session.reply(Reply.error(ExitCode.FAILED, "not reloaded: " + refused.getMessage()));
        }
    }

    private <T> void serveLong(final ControlSession session, final String watched,
        final Supplier<CompletableFuture<T>> start, final Function<T, Reply> reply) throws IOException
    {
        if (!mayWait.getAsBoolean())
        {
            session.reply(Reply.error(ExitCode.NOT_NOW, "too many requests wait already"));
            return;
        }
        final CompletableFuture<T> future = start.get();
        session.begin(watched);
        future.whenComplete((result, unexpected) -> handOver.accept(session, unexpected == null
            ? reply.apply(result) : Reply.error(ExitCode.FAILED, "failed: " + unexpected)));
    }
}
