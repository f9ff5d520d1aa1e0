package io.farblock.daemon.power;

import io.farblock.blockdev.still.CommandOutcome;
import io.farblock.daemon.schedule.IntervalAgent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Brings the site to rest and back, one look a step ({@link StandDownPhase}); what takes time is the switch's to do.
 * What fails there is an event and never keeps the site from what comes next: an engine that could not be closed well
 * is closed, a hook that failed has run, an engine that does not start is tried again.
 */
final class StandDown
{
    /** The state, in the environment of commands. */
    static final String STATE = "FARBLOCK_POWER_STATE";
    /** For an epoch that runs, when nothing says how long there is power. */
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(10);

    private final PowerPolicy policy;
    private final List<PoweredGroup> groups;
    private final IntervalAgent schedule;
    private final SiteMeter meter;
    private final SiteSwitch site;
    private final PowerEvents events;
    private StandDownPhase phase = StandDownPhase.RUNNING;
    private String reason = "";
    private long sinceNs;
    private CompletableFuture<String> closing;
    private CompletableFuture<CommandOutcome> hook;
    private CompletableFuture<Void> waking;
    private long retryNs;

    /**
     * What is known at a step.
     *
     * @param state      of the power.
     * @param mainsForNs how long there has been no outage; below zero in one.
     * @param budgetNs   what the battery has left before the reserve; below zero when it is not known.
     * @param beginsMore whether an epoch that is due may begin and fits.
     */
    record Look(PowerState state, long mainsForNs, long budgetNs, BooleanSupplier beginsMore)
    {
        boolean isMains()
        {
            return mainsForNs >= 0;
        }
    }

    StandDown(final PowerPolicy policy, final List<PoweredGroup> groups, final IntervalAgent schedule,
        final SiteMeter meter, final SiteSwitch site, final PowerEvents events)
    {
        this.policy = policy;
        this.groups = groups;
        this.schedule = schedule;
        this.meter = meter;
        this.site = site;
        this.events = events;
    }

    StandDownPhase phase()
    {
        return phase;
    }

    /** Why the site stands down, for whoever asks it for something; empty while it runs. */
    String reason()
    {
        return reason;
    }

    /** Begins, unless it has begun. */
    void begin(final String why, final long budgetNs, final long nowNs)
    {
        if (phase != StandDownPhase.RUNNING)
        {
            return;
        }
        reason = "standing down: " + why;
        transition(StandDownPhase.LAST_EPOCHS, nowNs, "reason", why, "running", running(), "budget_s",
            PowerEvents.seconds(budgetNs));
    }

    /** The next step. */
    void step(final Look look, final long nowNs)
    {
        switch (phase)
        {
            case LAST_EPOCHS -> lastEpochs(look, nowNs);
            case CLOSING -> awaitClose(look, nowNs);
            case HOOK -> awaitHook(nowNs);
            case RESTING -> awaitMains(look, nowNs);
            case WAKING -> awaitLaunch(nowNs);
            default ->
            {
                // runs as always
            }
        }
    }

    private void lastEpochs(final Look look, final long nowNs)
    {
        if (look.isMains())
        {
            reason = "";
            transition(StandDownPhase.RUNNING, nowNs, "reason", "mains is back");
            return;
        }
        final boolean graceIsOver = nowNs - sinceNs >= GRACE_NS;
        final boolean timeIsUp = look.budgetNs() == 0 || graceIsOver &&
            (look.budgetNs() < 0 || look.state() == PowerState.FORCED_SHUTDOWN);
        final List<String> fitting = groups.stream().map(PoweredGroup::name)
            .filter(this::isRunning).filter(group -> mayEnd(group, look.budgetNs())).toList();
        if (!timeIsUp && (!fitting.isEmpty() || look.beginsMore().getAsBoolean()))
        {
            return;
        }
        groups.stream().map(PoweredGroup::name).filter(this::isRunning).forEach(group -> events.warn("given-back",
            "group", group, "running_s", PowerEvents.seconds(meter.of(group).runningForNs()), "estimate_s",
            PowerEvents.seconds(meter.of(group).estimateNs()), "budget_s", PowerEvents.seconds(look.budgetNs())));
        closing = site.rest(reason);
        transition(StandDownPhase.CLOSING, nowNs, "budget_s", PowerEvents.seconds(look.budgetNs()));
    }

    /** A running epoch that has taken longer than it should may end any moment; waited for while there is time. */
    private boolean mayEnd(final String group, final long budgetNs)
    {
        final GroupMeter measured = meter.of(group);
        return budgetNs < 0 || measured.estimateNs() - measured.runningForNs() <= budgetNs;
    }

    private boolean isRunning(final String group)
    {
        return schedule.isRunning(group) || meter.of(group).isRunning();
    }

    private long running()
    {
        return groups.stream().filter(group -> isRunning(group.name())).count();
    }

    private void awaitClose(final Look look, final long nowNs)
    {
        if (!closing.isDone())
        {
            return;
        }
        final String marks = outcome(closing, text -> text);
        final long closedInNs = nowNs - sinceNs;
        if (look.isMains() || policy.hooks().stopped().isEmpty())
        {
            rest(nowNs, "marks", marks, "closed_in_ms", closedInNs / 1_000_000);
            return;
        }
        hook = site.run(policy.hooks().stopped(), environment(look.state(), look.budgetNs()),
            policy.hooks().limitNs());
        transition(StandDownPhase.HOOK, nowNs, "marks", marks, "closed_in_ms", closedInNs / 1_000_000);
    }

    private void awaitHook(final long nowNs)
    {
        if (hook.isDone())
        {
            rest(nowNs, "hook", outcome(hook, CommandOutcome::describe));
        }
    }

    private void rest(final long nowNs, final Object... numbers)
    {
        retryNs = nowNs;
        transition(StandDownPhase.RESTING, nowNs, numbers);
    }

    private void awaitMains(final Look look, final long nowNs)
    {
        if (look.mainsForNs() >= policy.resumeAfter().toNanos() && nowNs - retryNs >= 0)
        {
            waking = site.wake();
            transition(StandDownPhase.WAKING, nowNs, "mains_for_s", PowerEvents.seconds(look.mainsForNs()));
        }
    }

    private void awaitLaunch(final long nowNs)
    {
        if (!waking.isDone())
        {
            return;
        }
        if (waking.isCompletedExceptionally())
        {
            enter(StandDownPhase.RESTING, nowNs);
            events.warn(phase.text(), "reason", outcome(waking, done -> ""));
            // as long again as before: what keeps it from starting may need an operator, and must not fill the log
            retryNs = nowNs + Math.max(GRACE_NS, policy.resumeAfter().toNanos());
            return;
        }
        reason = "";
        transition(StandDownPhase.RUNNING, nowNs);
        groups.forEach(group -> schedule.callFor(group.name()));
        if (!policy.hooks().resumed().isEmpty())
        {
            final CompletableFuture<CommandOutcome> resumed =
                site.run(policy.hooks().resumed(), environment(PowerState.ONLINE, -1), policy.hooks().limitNs());
            resumed.whenComplete((done, failed) ->
                events.add("hook", "hook", "resumed", "outcome", outcome(resumed, CommandOutcome::describe)));
        }
    }

    /** What the operator's commands find in their environment. */
    static Map<String, String> environment(final PowerState state, final long budgetNs)
    {
        return Map.of(STATE, state.key(),
            "FARBLOCK_POWER_BUDGET_S", budgetNs < 0 ? "" : PowerEvents.seconds(budgetNs));
    }

    /** What has become of something that is done. */
    static <T> String outcome(
        final CompletableFuture<T> done, final Function<T, String> text)
    {
        return done.handle((value, failed) ->
        {
            final Throwable cause = failed != null && failed.getCause() != null ? failed.getCause() : failed;
            return cause == null ? text.apply(value) : "failed: " + cause.getMessage();
        }).join();
    }

    private void transition(final StandDownPhase next, final long nowNs, final Object... numbers)
    {
        enter(next, nowNs);
        events.add(next.text(), numbers);
    }

    private void enter(final StandDownPhase next, final long nowNs)
    {
        if (!phase.allows(next))
        {
            throw new IllegalStateException("stand-down: " + phase + " -> " + next);
        }
        phase = next;
        sinceNs = nowNs;
    }
}
