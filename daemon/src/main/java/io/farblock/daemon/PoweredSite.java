package io.farblock.daemon;

import io.farblock.blockdev.still.CommandException;
import io.farblock.blockdev.still.CommandOutcome;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.engine.EngineSlot;
import io.farblock.daemon.power.PoweredGroup;
import io.farblock.daemon.power.PowerAgent;
import io.farblock.daemon.power.PowerContext;
import io.farblock.daemon.power.PowerPolicy;
import io.farblock.daemon.power.PowerStatus;
import io.farblock.daemon.power.SiteSwitch;
import io.farblock.daemon.power.UpsFeed;
import io.farblock.daemon.schedule.IntervalAgent;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The power of a site that knows UPSes: whoever asks them, the agent that decides, and the threads on which its
 * decisions are carried out. {@code power} closes and launches the engine, one after the other; {@code power-hook} runs
 * the operator's commands, so that one that hangs holds up nobody.
 *
 * <p>Construct with the schedule, step {@link #doWork()} before it on its thread, close from any thread.
 */
final class PoweredSite implements SiteSwitch, AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.power");
    private static final int HOOKS_AT_ONCE = 4;
    private static final long END_SECONDS = 10;

    private final PowerPolicy policy;
    private final Supplier<DaemonConfig> config;
    private final DaemonContext context;
    private final EngineSlot engine;
    private final UpsFeed feed;
    private final PowerAgent agent;
    private final ExecutorService power =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "power"));
    private final ExecutorService hooks = new ThreadPoolExecutor(0, HOOKS_AT_ONCE, 1, TimeUnit.SECONDS,
        new SynchronousQueue<>(), task -> new Thread(task, "power-hook"));

    /**
     * @param config   the present one; its policy is taken now.
     * @param groups   in the order of the schedule.
     * @param schedule that it steers.
     */
    PoweredSite(final Supplier<DaemonConfig> config, final List<PoweredGroup> groups, final DaemonContext context,
        final EngineSlot engine, final IntervalAgent schedule)
    {
        this.policy = config.get().power();
        this.config = config;
        this.context = context;
        this.engine = engine;
        this.feed = context.upses().apply(policy.upses());
        this.agent = agent(groups, schedule);
    }

    private PowerAgent agent(final List<PoweredGroup> groups, final IntervalAgent schedule)
    {
        try
        {
            return new PowerAgent(
                new PowerContext(policy, groups, feed, schedule, this, context.clock(), context.wall()));
        }
        catch (final RuntimeException failed)
        {
            feed.close();
            throw failed;
        }
    }

    int doWork()
    {
        return agent.doWork();
    }

    PowerStatus status()
    {
        return agent.status();
    }

    @Override
    public List<SourceStatus> sources()
    {
        return engine.sources();
    }

    @Override
    public CompletableFuture<String> persist()
    {
        return engine.persist().thenApply(marks -> marks.written() + " of " + marks.volumes() + " maps written");
    }

    @Override
    public CompletableFuture<String> rest(final String why)
    {
        return begin(power, () ->
        {
            final String marks = marks();
            engine.rest(config.get(), why);
            return marks;
        });
    }

    /** Before the engine closes, which writes them again: what is said of it then is lost with it. */
    private String marks()
    {
        try
        {
            return persist().get(END_SECONDS, TimeUnit.SECONDS);
        }
        catch (final InterruptedException stopped)
        {
            Thread.currentThread().interrupt();
            return "unknown: interrupted";
        }
        catch (final ExecutionException | TimeoutException failed)
        {
            return "unknown: " + failed;
        }
    }

    @Override
    public CompletableFuture<Void> wake()
    {
        return begin(power, () ->
        {
            engine.launch(config.get());
            return null;
        });
    }

    @Override
    public CompletableFuture<CommandOutcome> run(
        final List<String> command, final Map<String, String> environment, final long limitNs)
    {
        return begin(hooks, () ->
        {
            try
            {
                return context.hooks().run(command, environment, limitNs);
            }
            catch (final CommandException failed)
            {
                throw new CompletionException(failed.getMessage(), failed);
            }
        });
    }

    private static <T> CompletableFuture<T> begin(final Executor executor, final Supplier<T> work)
    {
        try
        {
            return CompletableFuture.supplyAsync(work, executor);
        }
        catch (final RejectedExecutionException full)
        {
            return CompletableFuture.failedFuture(
                new IllegalStateException("not begun: the daemon stops, or too many commands run already"));
        }
    }

    /**
     * The service ends in an outage, after whoever wrote to the volumes has: one more epoch of every group, as far as
     * there is time. Nothing, without an outage, or when the site has stood down already.
     */
    void lastEpochs()
    {
        final PowerStatus now = agent.status();
        final long limitNs = now.budgetNs() < 0 ? policy.lastEpoch().toNanos() :
            Math.min(policy.lastEpoch().toNanos(), now.budgetNs());
        if (!agent.isOutage() || !engine.isRunning() || limitNs == 0)
        {
            return;
        }
        LOG.info("power last-epochs state={} limit_s={}", now.state(), TimeUnit.NANOSECONDS.toSeconds(limitNs));
        final List<CompletableFuture<EpochResult>> asked = askAll();
        try
        {
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).get(limitNs, TimeUnit.NANOSECONDS);
        }
        catch (final InterruptedException stopped)
        {
            Thread.currentThread().interrupt();
        }
        catch (final ExecutionException | TimeoutException notAll)
        {
            LOG.warn("power last-epochs reason=\"{}\": what runs is given back", notAll.toString());
        }
        LOG.info("power last-epochs groups={} sealed={}", asked.size(), asked.stream()
            .filter(epoch -> epoch.isDone() && !epoch.isCompletedExceptionally() && epoch.join().sealed()).count());
    }

    private List<CompletableFuture<EpochResult>> askAll()
    {
        final List<CompletableFuture<EpochResult>> asked = new ArrayList<>();
        try
        {
            engine.groups().forEach(group -> asked.add(engine.epochNow(group)));
        }
        catch (final RuntimeException refused)
        {
            // too many jobs wait, or the site has come to rest this very moment: the end does not wait for either
            LOG.warn("power last-epochs reason=\"{}\"", String.valueOf(refused.getMessage()));
        }
        return asked;
    }

    /** Idempotent. What the engine does meanwhile is its slot's affair, which is to be closed next. */
    @Override
    public void close()
    {
        hooks.shutdownNow();
        power.shutdown();
        try
        {
            feed.close();
            if (!power.awaitTermination(END_SECONDS, TimeUnit.SECONDS))
            {
                LOG.warn("power state=stuck reason=\"the engine is still being closed or launched\"");
            }
            hooks.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        }
        catch (final InterruptedException stopped)
        {
            Thread.currentThread().interrupt();
        }
    }
}
