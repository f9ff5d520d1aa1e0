package io.farblock.daemon.power;

import io.farblock.blockdev.still.CommandOutcome;
import io.farblock.daemon.schedule.IntervalAgent;
import io.farblock.replication.status.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A site in virtual time: the real agents over a virtual engine, stepped as the daemon steps them. What the daemon does
 * on other threads is done at once, unless the test says that it takes until it is released. One thread.
 */
final class VirtualSite implements SiteSwitch
{
    static final long SECOND = 1_000_000_000L;
    static final long STEP_NS = SECOND / 10;

    long nowNs = Long.MAX_VALUE - 100 * SECOND;
    final VirtualEngine engine = new VirtualEngine(nowNs);
    final List<String> done = new ArrayList<>();
    final IntervalAgent schedule = new IntervalAgent(engine, () -> nowNs);
    private final List<PoweredGroup> groups = new ArrayList<>();
    /** What each of these takes; completed ones are done at once. */
    CompletableFuture<Void> closing = CompletableFuture.completedFuture(null);
    CompletableFuture<Void> launching = CompletableFuture.completedFuture(null);
    CompletableFuture<CommandOutcome> hook = CompletableFuture.completedFuture(
        new CommandOutcome(List.of("hook"), 0, false, "", ""));
    FakeFeed feed;
    PowerAgent agent;

    VirtualEngine.Group add(final String name, final String peer, final int priority, final Duration interval)
    {
        return add(name, new PoweredGroup(name, peer, new PowerPolicy.OfGroup(priority, null, Map.of())), interval);
    }

    VirtualEngine.Group add(final String name, final PoweredGroup group, final Duration interval)
    {
        groups.add(group);
        engine.rate(group.peer(), 10e6);
        if (interval == null)
        {
            schedule.addOnDemand(name);
        }
        else
        {
            schedule.add(name, interval);
        }
        return engine.add(name, group.peer(), 1e6, 0.5);
    }

    void open(final PowerPolicy policy)
    {
        feed = new FakeFeed(() -> nowNs, policy.upses());
        open(policy, feed);
    }

    void open(final PowerPolicy policy, final UpsFeed upses)
    {
        agent = new PowerAgent(
            new PowerContext(policy, groups, upses, schedule, this, () -> nowNs, () -> nowNs / 1_000_000));
    }

    void run(final double seconds)
    {
        for (long left = Math.round(seconds * SECOND / STEP_NS); left > 0; left--)
        {
            step();
        }
    }

    void step()
    {
        nowNs += STEP_NS;
        engine.advanceTo(nowNs);
        agent.doWork();
        schedule.doWork();
    }

    /** The kinds of all events that are kept, or those of one kind in full. */
    List<String> kinds()
    {
        return agent.events().last().stream().map(PowerEvent::kind).toList();
    }

    List<String> events(final String kind)
    {
        return agent.events().last().stream().filter(event -> event.kind().equals(kind)).map(PowerEvent::text)
            .toList();
    }

    @Override
    public List<SourceStatus> sources()
    {
        return engine.open ? engine.sources() : List.of();
    }

    @Override
    public CompletableFuture<String> persist()
    {
        done.add("persist");
        return CompletableFuture.completedFuture("1 of 1 maps written");
    }

    @Override
    public CompletableFuture<String> rest(final String why)
    {
        done.add("rest");
        engine.close();
        return closing.thenApply(nothing -> "1 of 1 maps written");
    }

    @Override
    public CompletableFuture<Void> wake()
    {
        done.add("wake");
        return launching.thenRun(() -> engine.open = true);
    }

    @Override
    public CompletableFuture<CommandOutcome> run(
        final List<String> command, final Map<String, String> environment, final long limitNs)
    {
        done.add(command.get(0) + " " + environment.get("FARBLOCK_POWER_STATE"));
        return hook;
    }
}
