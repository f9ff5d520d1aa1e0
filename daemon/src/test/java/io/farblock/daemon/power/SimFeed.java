package io.farblock.daemon.power;

import io.farblock.powersim.ups.Communication;
import io.farblock.powersim.ups.SimUps;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One simulated UPS, asked every 2 s of its own time; silence is unknown after 15 s. One thread. */
final class SimFeed implements UpsFeed
{
    private static final long POLL_NS = 2_000_000_000L;
    private static final long STALE_NS = 15_000_000_000L;

    private final SimUps ups;
    private final long offsetNs;
    private long askedNs;
    private long heardNs;
    private UpsStatus last;

    /** @param offsetNs what the agent's clock is ahead of the UPS's. */
    SimFeed(final SimUps ups, final long offsetNs)
    {
        this.ups = ups;
        this.offsetNs = offsetNs;
        ask();
    }

    @Override
    public List<UpsStatus> upses()
    {
        if (ups.nowNs() - askedNs >= POLL_NS)
        {
            ask();
        }
        final long saidNs = offsetNs + heardNs;
        return List.of(ups.nowNs() - heardNs < STALE_NS ? last : new UpsStatus(last.name(), UpsState.UNKNOWN, false, 1,
            last.chargePercent(), last.runtimeNs(), last.loadPercent(), last.tokens(), saidNs, saidNs,
            "nobody answers"));
    }

    private void ask()
    {
        askedNs = ups.nowNs();
        if (ups.communication() != Communication.GOOD)
        {
            return;
        }
        heardNs = askedNs;
        final Map<String, String> said = ups.variables();
        final Set<String> words = Set.of(said.get("ups.status").split(" "));
        final UpsState state = words.contains("OB") ? words.contains("LB") ? UpsState.LOW : UpsState.ON_BATTERY :
            UpsState.ONLINE;
        last = new UpsStatus(ups.spec().name(), state, words.contains("RB"), 1, number(said, "battery.charge"),
            (long)number(said, "battery.runtime") * VirtualSite.SECOND, number(said, "ups.load"),
            said.get("ups.status"), offsetNs + heardNs,
            offsetNs + heardNs, "");
    }

    private static double number(final Map<String, String> said, final String name)
    {
        return Double.parseDouble(said.get(name));
    }

    @Override
    public void close()
    {
        // nothing is open
    }
}
