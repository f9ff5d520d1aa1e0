package io.farblock.daemon.power;

import io.farblock.blockdev.still.CommandOutcome;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The operator's command that hears of each change of state. One runs at a time; while it does, only the newest change
 * waits: a command that hangs must not take the places of those that the standing down runs. One thread.
 */
final class ChangedHook
{
    private final PowerPolicy.Hooks hooks;
    private final SiteSwitch site;
    private final PowerEvents events;
    private CompletableFuture<CommandOutcome> running;
    private Map<String, String> waiting;

    ChangedHook(final PowerPolicy.Hooks hooks, final SiteSwitch site, final PowerEvents events)
    {
        this.hooks = hooks;
        this.site = site;
        this.events = events;
    }

    void changed(final PowerState state, final long budgetNs)
    {
        if (hooks.changed().isEmpty())
        {
            return;
        }
        if (waiting != null)
        {
            events.warn("hook", "hook", "changed", "outcome", "left out: the one before still runs",
                "state", waiting.get(StandDown.STATE));
        }
        waiting = StandDown.environment(state, budgetNs);
    }

    void step()
    {
        if (running != null && running.isDone())
        {
            events.add("hook", "hook", "changed", "outcome", StandDown.outcome(running, CommandOutcome::describe));
            running = null;
        }
        if (running == null && waiting != null)
        {
            running = site.run(hooks.changed(), waiting, hooks.limitNs());
            waiting = null;
        }
    }
}
