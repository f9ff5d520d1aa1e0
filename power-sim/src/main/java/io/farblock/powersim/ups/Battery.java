package io.farblock.powersim.ups;

/**
 * What a battery holds, as a function of time: between two changes it follows a formula from the moment of the last
 * one, so how often it is looked at makes no difference. Not thread safe.
 *
 * <pre>
 *   drawn     stored = s - t * drain(watts)
 *   charged   stored = s + t * charger            up to the absorption point a
 *             full - stored = (full - a) * e^(-t / tau), tau = (full - a) / charger      from there on,
 *                                                                           and in a line at the very end
 * </pre>
 */
final class Battery
{
    /** The exponential never gets there; when so little is missing it goes on as a line, and without a jump. */
    private static final double NEARLY = 0.001;
    private static final double NANOS = 1e9;

    private BatterySpec spec;
    private long sinceNs;
    private double storedJoules;
    private double drawnWatts;
    private boolean isCharging;

    Battery(final BatterySpec spec, final double percent, final long nowNs)
    {
        this.spec = spec;
        this.sinceNs = nowNs;
        this.storedJoules = spec.capacityJoules() * percent / 100;
    }

    BatterySpec spec()
    {
        return spec;
    }

    /** Ages, freezes or is exchanged: it keeps the share that it was full. */
    void become(final BatterySpec next, final long nowNs)
    {
        final double share = storedJoules(nowNs) / spec.capacityJoules();
        settle(nowNs);
        spec = next;
        storedJoules = share * next.capacityJoules();
    }

    /** So much is drawn from now on; 0 for nothing. */
    void draw(final double watts, final long nowNs)
    {
        settle(nowNs);
        drawnWatts = watts;
        isCharging = false;
    }

    void charge(final long nowNs)
    {
        settle(nowNs);
        drawnWatts = 0;
        isCharging = spec.chargerWatts() > 0;
    }

    private void settle(final long nowNs)
    {
        storedJoules = storedJoules(nowNs);
        sinceNs = nowNs;
    }

    double drawnWatts()
    {
        return drawnWatts;
    }

    /** By the rated discharge. */
    double storedJoules(final long nowNs)
    {
        final double seconds = (nowNs - sinceNs) / NANOS;
        if (drawnWatts > 0)
        {
            return Math.max(0, storedJoules - seconds * spec.drainWatts(drawnWatts));
        }
        return isCharging ? charged(seconds) : storedJoules;
    }

    private double charged(final double seconds)
    {
        final double full = spec.capacityJoules();
        final double bend = full * spec.absorptionPercent() / 100;
        // a full one may be so by rounding, and a hair more: nothing is missing then
        final double from = Math.min(full, Math.max(storedJoules, bend));
        final double straightSeconds = Math.max(0, bend - storedJoules) / spec.chargerWatts();
        if (seconds < straightSeconds)
        {
            return storedJoules + seconds * spec.chargerWatts();
        }
        final double tau = (full - bend) / spec.chargerWatts();
        return full - missing(full - from, full * NEARLY, (seconds - straightSeconds) / tau);
    }

    /** What is still missing after so many time constants, if so much was; {@code last} goes in at an even pace. */
    private static double missing(final double before, final double last, final double taus)
    {
        final double bent = Math.max(0, Math.log(before / last));
        return taus < bent ? before * Math.exp(-taus) :
            Math.max(0, Math.min(before, last) - last * (taus - bent));
    }

    double percent(final long nowNs)
    {
        return Math.min(100, 100 * storedJoules(nowNs) / spec.capacityJoules());
    }

    boolean isTakingCharge(final long nowNs)
    {
        return isCharging && storedJoules(nowNs) < spec.capacityJoules();
    }

    /** How long it would last from now on if so much were drawn. */
    double secondsLeft(final double watts, final long nowNs)
    {
        return watts <= 0 ? Double.POSITIVE_INFINITY : storedJoules(nowNs) / spec.drainWatts(watts);
    }

    /** When it will be down to so much if nothing changes; never, unless it is drawn on. */
    long reachesNs(final double joules)
    {
        if (drawnWatts <= 0)
        {
            return Long.MAX_VALUE;
        }
        final double nanos = Math.ceil(Math.max(0, storedJoules - joules) / spec.drainWatts(drawnWatts) * NANOS);
        return nanos > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : sinceNs + (long)nanos;
    }
}
