package io.farblock.daemon.power;

import io.farblock.daemon.power.PowerStatus.GroupRisk;
import io.farblock.daemon.power.PowerStatus.UpsLine;
import java.util.Set;

/** Makes the status of what an agent knows. Stateless; the agent's thread. */
final class PowerReport
{
    private PowerReport()
    {
    }

    static PowerStatus of(final PowerAgent agent, final long nowNs)
    {
        final PowerPolicy policy = agent.context().policy();
        final SitePower power = agent.power();
        return new PowerStatus(
            power.state().text(),
            power.reason(),
            nowNs - power.sinceNs(),
            agent.standDown().phase().text(),
            agent.standDown().reason(),
            power.runtimeNs(nowNs),
            agent.budgetNs(nowNs),
            policy.minSupplies(),
            power.upses().stream().map(ups -> line(ups, nowNs)).toList(),
            agent.policyWords(),
            policy.reserve().toNanos(),
            agent.context().groups().stream().map(group -> risk(agent, group, nowNs)).toList(),
            agent.events().last());
    }

    private static UpsLine line(final UpsWatch ups, final long nowNs)
    {
        final UpsStatus said = ups.status();
        return new UpsLine(ups.name(), said.state().text(), ups.counted().text(), said.replaceBattery(),
            said.powerValue(), said.chargePercent(), ups.runtimeNs(nowNs), said.loadPercent(), said.tokens(),
            nowNs - said.sinceNs(), said.heardNs() == Long.MIN_VALUE ? -1 : nowNs - said.heardNs(), said.reason());
    }

    private static GroupRisk risk(final PowerAgent agent, final PoweredGroup group, final long nowNs)
    {
        final PowerPolicy policy = agent.context().policy();
        final GroupMeter measured = agent.meter().of(group.name());
        final long runtimeNs = agent.power().runtimeNs(nowNs);
        final long dueInNs = agent.context().schedule().dueInNs(group.name());
        final long ownNs = agent.context().schedule().ownIntervalNs(group.name());
        final Set<PowerAction> onBattery = policy.of(PowerState.ON_BATTERY, group.own());
        final boolean begins = onBattery.contains(PowerAction.SEAL) || onBattery.contains(PowerAction.DRAIN);
        final boolean shortens = onBattery.contains(PowerAction.SHORTEN);
        final long batteryNs = policy.interval(group.own()).toNanos();
        final long shortNs = !shortens || ownNs > 0 && ownNs < batteryNs ? ownNs : batteryNs;
        final long firstNs = begins ? 0 : shortens ? Math.min(dueInNs, shortNs) : dueInNs;
        final boolean holds = onBattery.contains(PowerAction.HOLD);
        return new GroupRisk(
            group.name(),
            measured.waitingBytes(),
            measured.growthBytesPerSecond() < 0 ? -1 : Math.round(measured.growthBytesPerSecond()),
            Math.round(measured.wireBytesPerSecond()),
            measured.estimateNs(),
            ownNs,
            shortens ? shortNs : 0,
            RiskProjection.bytesAtDeath(measured, new RiskProjection.Course(dueInNs, ownNs, runtimeNs, runtimeNs)),
            RiskProjection.bytesAtDeath(measured, new RiskProjection.Course(holds ? Long.MAX_VALUE : firstNs,
                holds ? 0 : shortNs, onBattery.contains(PowerAction.DRAIN) ? agent.budgetNs(nowNs) : runtimeNs,
                runtimeNs)));
    }
}
