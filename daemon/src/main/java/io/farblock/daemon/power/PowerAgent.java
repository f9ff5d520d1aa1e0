package io.farblock.daemon.power;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the UPSes and does what the policy says: calls for epochs, changes the pace of the schedule, keeps its gate,
 * has the site stand down and go on. It decides and never waits; all that it decides is an event with its numbers.
 *
 * <p>Stepped by one thread, before the schedule; time is injected. {@link #status} may be asked by any. A step that
 * fails is logged and the next one is taken: what is wrong with one answer must not end the watch.
 */
public final class PowerAgent
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.power");
    private static final long SAMPLE_NS = TimeUnit.SECONDS.toNanos(1);

    private final PowerPolicy policy;
    private final List<PoweredGroup> groups;
    private final UpsFeed feed;
    private final PowerContext context;
    private final NanoClock clock;
    private final PowerEvents events;
    private final SiteMeter meter;
    private final SitePower power;
    private final DrainGate drain;
    private final StandDown standDown;
    private final ChangedHook hook;
    private long sampledNs;
    private volatile boolean outage;
    /** Since when there is none. */
    private long mainsSinceNs;
    private String failure = "";
    private volatile PowerStatus status;

    public PowerAgent(final PowerContext context)
    {
        this.context = context;
        this.policy = context.policy();
        this.groups = context.groups();
        this.feed = context.feed();
        this.clock = context.clock();
        this.events = new PowerEvents(context.wall());
        this.meter = new SiteMeter(groups);
        this.power = new SitePower(policy, feed.upses(), clock.nanoTime());
        this.drain = new DrainGate(groups, context.schedule(), meter, events);
        this.standDown = new StandDown(policy, groups, context.schedule(), meter, context.site(), events);
        this.hook = new ChangedHook(policy.hooks(), context.site(), events);
        this.sampledNs = clock.nanoTime() - SAMPLE_NS;
        this.mainsSinceNs = clock.nanoTime();
        this.status = PowerReport.of(this, clock.nanoTime());
        context.schedule().gate(this::mayBegin);
    }

    /** One look at everything; 0 when nothing was decided. */
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        try
        {
            final int work = step(nowNs);
            failure = "";
            return work;
        }
        catch (final RuntimeException unexpected)
        {
            if (!failure.equals(String.valueOf(unexpected.getMessage())))
            {
                failure = String.valueOf(unexpected.getMessage());
                LOG.error("power-error", unexpected);
            }
            return 0;
        }
    }

    /** As it was at the last look. Any thread. */
    public PowerStatus status()
    {
        return status;
    }

    private int step(final long nowNs)
    {
        final boolean samples = nowNs - sampledNs >= SAMPLE_NS;
        if (samples)
        {
            sampledNs = nowNs;
            meter.sample(context.site().sources(), nowNs);
        }
        final List<UpsWatch> changed = power.hear(feed.upses(), nowNs);
        changed.forEach(ups -> tell(ups, nowNs));
        final boolean concluded = power.conclude(nowNs);
        // first: what is begun below is begun on what is left now
        drain.budget(budgetNs(nowNs));
        replaceBatteries();
        if (concluded)
        {
            stateChanged(nowNs);
        }
        hook.step();
        final StandDownPhase before = standDown.phase();
        standDown.step(look(nowNs), nowNs);
        final boolean moved = standDown.phase() != before;
        if (moved && standDown.phase() == StandDownPhase.RUNNING)
        {
            begin(false);
        }
        // at each step: the state may have become worse while the site was still on its way back from the last time
        if (policy.of(power.state()).contains(PowerAction.STOP))
        {
            standDown.begin(power.state().text() + " (" + power.reason() + ")", budgetNs(nowNs), nowNs);
        }
        if (samples || concluded || moved || !changed.isEmpty())
        {
            status = PowerReport.of(this, nowNs);
        }
        return concluded || moved ? 1 : 0;
    }

    private void tell(final UpsWatch ups, final long nowNs)
    {
        final UpsStatus said = ups.status();
        final List<Object> numbers = new ArrayList<>(List.of("ups", ups.name(), "state", ups.believed().text(),
            "charge", said.chargePercent() < 0 ? "unknown" : Math.round(said.chargePercent()),
            "runtime_s", PowerEvents.seconds(ups.runtimeNs(nowNs)),
            "load", said.loadPercent() < 0 ? "unknown" : Math.round(said.loadPercent())));
        if (ups.believed() == PowerState.UNKNOWN)
        {
            numbers.addAll(List.of("counts_as", ups.counted().text(), "reason", said.reason()));
            events.warn("ups", numbers.toArray());
            return;
        }
        events.add("ups", numbers.toArray());
    }

    private void replaceBatteries()
    {
        for (final UpsWatch ups : power.upses())
        {
            if (ups.beganToAskForABattery())
            {
                events.warn("replace-battery", "ups", ups.name(), "actions", words(policy.onReplace()));
                if (policy.onReplace().contains(PowerAction.SEAL))
                {
                    groups.forEach(group -> context.schedule().callFor(group.name()));
                }
                if (policy.onReplace().contains(PowerAction.PERSIST))
                {
                    persist();
                }
            }
        }
    }

    private void stateChanged(final long nowNs)
    {
        final PowerState state = power.state();
        mainsSinceNs = outage && !state.isOutage() ? nowNs : mainsSinceNs;
        outage = state.isOutage();
        events.add("state", "state", state.text(), "because", power.reason(), "runtime_s",
            PowerEvents.seconds(power.runtimeNs(nowNs)), "budget_s", PowerEvents.seconds(budgetNs(nowNs)),
            "waiting_bytes", PowerEvents.bytes(waitingBytes()), "actions", words(policy.of(state)));
        begin(true);
        hook.changed(state, budgetNs(nowNs));
    }

    /** What the present state's words begin; {@code once} also those that are done but once. */
    private void begin(final boolean once)
    {
        final PowerState state = power.state();
        for (final PoweredGroup group : groups)
        {
            final Set<PowerAction> actions = policy.of(state, group.own());
            context.schedule().shorten(
                group.name(), actions.contains(PowerAction.SHORTEN) ? policy.interval(group.own()) : null);
            if (once && (actions.contains(PowerAction.SEAL) || actions.contains(PowerAction.DRAIN)))
            {
                context.schedule().callFor(group.name());
            }
        }
        if (once && policy.of(state).contains(PowerAction.PERSIST))
        {
            persist();
        }
    }

    private void persist()
    {
        context.site().persist().whenComplete((text, failed) -> events.add("persist", "marks",
            failed == null ? text : "failed: " + failed.getMessage()));
    }

    /** The schedule's gate. */
    private boolean mayBegin(final String name)
    {
        return !standDown.phase().isClosed() && isAllowed(name) &&
            (!actions(name).contains(PowerAction.DRAIN) || drain.mayBegin(name));
    }

    /**
     * Whether the words in force let the group begin an epoch at all. The last ones are those that were called for: by
     * its interval alone a group would be due again and again, and a gauge that lies would let the site never rest.
     */
    private boolean isAllowed(final String name)
    {
        final Set<PowerAction> actions = actions(name);
        return !actions.contains(PowerAction.HOLD) && (standDown.phase() == StandDownPhase.RUNNING ||
            context.schedule().isCalledFor(name) &&
            (actions.contains(PowerAction.DRAIN) || actions.contains(PowerAction.SEAL)));
    }

    private Set<PowerAction> actions(final String name)
    {
        return policy.of(power.state(), groups.stream().filter(group -> group.name().equals(name)).findFirst()
            .map(PoweredGroup::own).orElse(PowerPolicy.OfGroup.DEFAULT));
    }

    private StandDown.Look look(final long nowNs)
    {
        return new StandDown.Look(power.state(), outage ? -1 : nowNs - mainsSinceNs, budgetNs(nowNs),
            () -> groups.stream().map(PoweredGroup::name).anyMatch(name -> context.schedule().isDue(name) &&
                isAllowed(name) && (!actions(name).contains(PowerAction.DRAIN) || drain.fits(name))));
    }

    /** What the battery has left before the reserve: 0 when that has begun, below zero when it is not known. */
    long budgetNs(final long nowNs)
    {
        final long runtimeNs = power.runtimeNs(nowNs);
        return runtimeNs < 0 ? -1 : Math.max(0, runtimeNs - policy.reserve().toNanos());
    }

    /** Of all groups; -1 when it is not known of one. */
    private long waitingBytes()
    {
        long sum = 0;
        for (final PoweredGroup group : groups)
        {
            final long waiting = meter.of(group.name()).waitingBytes();
            if (waiting < 0)
            {
                return -1;
            }
            sum += waiting;
        }
        return sum;
    }

    /** Whether batteries are used up. Any thread. */
    public boolean isOutage()
    {
        return outage;
    }

    static String words(final Set<PowerAction> actions)
    {
        return actions.isEmpty() ? "none" : String.join(",", actions.stream().sorted().map(PowerAction::word).toList());
    }

    /** The policy in words, by state. */
    Map<String, List<String>> policyWords()
    {
        final Map<String, List<String>> words = new TreeMap<>();
        for (final PowerState state : PowerState.values())
        {
            words.put(state.key(), policy.of(state).stream().sorted().map(PowerAction::word).toList());
        }
        words.put("replace_battery", policy.onReplace().stream().sorted().map(PowerAction::word).toList());
        return words;
    }

    PowerContext context()
    {
        return context;
    }

    SitePower power()
    {
        return power;
    }

    SiteMeter meter()
    {
        return meter;
    }

    StandDown standDown()
    {
        return standDown;
    }

    PowerEvents events()
    {
        return events;
    }
}
