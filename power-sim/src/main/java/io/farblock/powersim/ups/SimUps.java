package io.farblock.powersim.ups;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A UPS, its battery, its generator and its load, as a function of the time that it is told: no clock, no thread, no
 * chance but that of its seed. However finely time is stepped, the same things happen at the same moments.
 *
 * <pre>
 *            input bad            transfer time over
 *   INPUT ─────────────> TRANSFER ───────────────────> BATTERY ──empty, overloaded, switched off──> NOTHING
 *     ^                      │                            │                                            │
 *     └──── input good ──────┴──── for the return time ───┘ <───── input good for the restart time ────┘
 * </pre>
 *
 * Not thread safe: whoever shares it locks it. Misuse is an {@link IllegalArgumentException} and changes nothing.
 */
public final class SimUps
{
    private static final long NEVER = Line.NEVER;
    private static final double NANOS = 1e9;
    private static final long SHUTDOWN_DELAY_NS = TimeUnit.SECONDS.toNanos(20);
    /** Worn beyond this a battery is reported. */
    private static final double WORN = 0.5;

    private final UpsSpec spec;
    private final Battery battery;
    private final Line line;
    private final Gauges gauges = new Gauges();
    private long nowNs;
    private Feed feed = Feed.INPUT;
    private long feedSinceNs;
    private double loadWatts;
    private long overloadSinceNs = NEVER;
    private double deliveredJoules;
    private long deliveredUntilNs;
    private long outputLosses;
    private boolean isGapNoticed;
    private boolean isCalibrating;
    private boolean isForced;
    private boolean isReplacementAsked;
    private boolean isSwitchedOff;
    private boolean isToStayOff;
    private long shutdownNs = NEVER;
    private double lowChargePercent;
    private long lowRuntimeNs;
    private long shutdownDelayNs = SHUTDOWN_DELAY_NS;
    private Communication communication = Communication.GOOD;
    private Map<String, String> frozen;

    /** On mains, at the given time. */
    public SimUps(final UpsSpec spec, final long nowNs)
    {
        this.spec = spec;
        this.nowNs = nowNs;
        this.feedSinceNs = nowNs;
        this.deliveredUntilNs = nowNs;
        this.battery = new Battery(spec.battery(), spec.chargePercent(), nowNs);
        this.line = new Line(spec, nowNs);
        this.lowChargePercent = spec.lowChargePercent();
        this.lowRuntimeNs = spec.lowRuntimeNs();
        load(spec.loadWatts());
        battery.charge(nowNs);
    }

    public UpsSpec spec()
    {
        return spec;
    }

    public long nowNs()
    {
        return nowNs;
    }

    /** Lets everything happen that is due by then. */
    public void advanceTo(final long toNs)
    {
        require(toNs >= nowNs, "time goes from " + nowNs + " to " + toNs + " ns, expected forward");
        for (long dueNs = nextNs(); dueNs <= toNs; dueNs = nextNs())
        {
            nowNs = Math.max(nowNs, dueNs);
            step();
        }
        nowNs = toNs;
    }

    private static void require(final boolean sound, final String complaint)
    {
        if (!sound)
        {
            throw new IllegalArgumentException(complaint);
        }
    }

    /** When something will happen by itself. */
    public long nextNs()
    {
        final long alwaysNs = Math.min(shutdownNs, line.nextNs());
        final long feedNs = switch (feed)
        {
            case INPUT -> NEVER;
            case TRANSFER -> Math.min(returnNs(), Math.min(after(feedSinceNs, spec.transferNs()),
                isGapNoticed ? NEVER : after(feedSinceNs, spec.holdUpNs())));
            case BATTERY -> Math.min(Math.min(returnNs(), calibratedNs()),
                Math.min(battery.reachesNs(0), after(overloadSinceNs, spec.overloadNs())));
            case NOTHING -> isSwitchedOff || !line.isGood() ? NEVER :
                after(Math.max(line.goodSinceNs(), feedSinceNs), spec.restartNs());
        };
        return Math.min(alwaysNs, feedNs);
    }

    private static long after(final long sinceNs, final long delayNs)
    {
        return sinceNs > NEVER - delayNs ? NEVER : sinceNs + delayNs;
    }

    private long returnNs()
    {
        return isCalibrating ? NEVER : after(line.goodSinceNs(), spec.returnNs());
    }

    private long calibratedNs()
    {
        return isCalibrating ?
            battery.reachesNs(battery.spec().capacityJoules() * lowChargePercent / 100) : NEVER;
    }

    private void step()
    {
        if (line.nextNs() <= nowNs)
        {
            line.step(nowNs);
            settleInput();
        }
        else if (shutdownNs <= nowNs)
        {
            shutdownNs = NEVER;
            isSwitchedOff = isToStayOff;
            lose();
        }
        else if (feed == Feed.NOTHING)
        {
            isForced = false;
            enter(Feed.INPUT);
        }
        else if (returnNs() <= nowNs)
        {
            enter(Feed.INPUT);
        }
        else if (feed == Feed.TRANSFER)
        {
            stepTransfer();
        }
        else if (calibratedNs() <= nowNs)
        {
            calibrate(false);
        }
        else
        {
            lose();
        }
    }

    private void stepTransfer()
    {
        if (after(feedSinceNs, spec.transferNs()) <= nowNs)
        {
            startInverter();
        }
        else
        {
            outputLosses++;
            isGapNoticed = true;
        }
    }

    private void startInverter()
    {
        if (battery.storedJoules(nowNs) > 0)
        {
            enter(Feed.BATTERY);
        }
        else
        {
            lose();
        }
    }

    private void lose()
    {
        outputLosses += isOutputOn() ? 1 : 0;
        isCalibrating = false;
        enter(Feed.NOTHING);
    }

    private void enter(final Feed next)
    {
        settleDelivered();
        feed = next;
        feedSinceNs = nowNs;
        isGapNoticed = false;
        settleBattery();
    }

    private void settleDelivered()
    {
        deliveredJoules = deliveredJoules();
        deliveredUntilNs = nowNs;
    }

    private void settleBattery()
    {
        if (feed == Feed.BATTERY)
        {
            battery.draw(drawnWatts(), nowNs);
        }
        else if (line.isGood() && feed != Feed.TRANSFER)
        {
            battery.charge(nowNs);
        }
        else
        {
            battery.draw(0, nowNs);
        }
        final boolean isOver = feed == Feed.BATTERY && loadWatts > spec.nominalWatts() * spec.overloadPercent() / 100;
        overloadSinceNs = isOver ? Math.min(overloadSinceNs, nowNs) : NEVER;
    }

    private double drawnWatts()
    {
        return loadWatts / spec.efficiency() + spec.idleWatts();
    }

    /** After everything that changes what comes in. */
    private void settleInput()
    {
        isCalibrating &= line.isGood();
        if (isOnBattery() && returnNs() <= nowNs)
        {
            enter(Feed.INPUT);
        }
        else if (line.isGood() || feed != Feed.INPUT)
        {
            settleBattery();
        }
        else if (line.isBypassed())
        {
            lose();
        }
        else if (spec.transferNs() == 0)
        {
            startInverter();
        }
        else
        {
            enter(Feed.TRANSFER);
        }
    }

    /** As {@link #mains}, with nothing. */
    public void cutMains()
    {
        mains(0);
    }

    /** As {@link #mains}, with what should be there. */
    public void restoreMains()
    {
        mains(spec.input().nominalVolts());
    }

    /** The line has so many volts from now on: fewer than it should is a brown-out, 0 is a cut. */
    public void mains(final double volts)
    {
        require(volts >= 0 && volts <= 1000, volts + " V, expected 0 to 1000");
        line.mains(volts, nowNs);
        settleInput();
    }

    /** The load takes so much from now on. */
    public void load(final double watts)
    {
        require(watts >= 0 && watts <= 1e9, "a load of " + watts + " W, expected 0 or more");
        settleDelivered();
        loadWatts = watts;
        settleBattery();
    }

    /** The battery is so old from now on, and as full as before. */
    public void age(final double years)
    {
        battery.become(battery.spec().aged(years), nowNs);
    }

    public void temperature(final double celsius)
    {
        battery.become(battery.spec().at(celsius), nowNs);
    }

    /** Whether the UPS asks for a new battery, which it also does by itself for one that is worn. */
    public void replaceBattery(final boolean isAsked)
    {
        isReplacementAsked = isAsked;
    }

    /** Past the UPS: what the line does, the load sees. */
    public void bypass(final boolean on)
    {
        line.bypass(on, nowNs);
        settleInput();
    }

    /** Draws the battery down to low while the mains is there; ends by itself. */
    public void calibrate(final boolean on)
    {
        if (on && feed == Feed.INPUT && !line.isBypassed())
        {
            isCalibrating = true;
            startInverter();
        }
        else if (!on && isCalibrating)
        {
            isCalibrating = false;
            if (feed == Feed.BATTERY && line.isGood())
            {
                enter(Feed.INPUT);
            }
        }
    }

    /** Says that its output will go off; over when that has gone off and come back. */
    public void force(final boolean on)
    {
        isForced = on;
    }

    /** The output goes off after so long, and comes back by itself with the mains unless it is to stay off. */
    public void shutdownAfter(final long delayNs, final boolean stayOff)
    {
        require(delayNs >= 0, "a delay of " + delayNs + " ns, expected 0 or more");
        shutdownNs = after(nowNs, delayNs);
        isToStayOff = stayOff;
    }

    public void cancelShutdown()
    {
        shutdownNs = NEVER;
    }

    /** The output goes off and stays so until it is switched on. */
    public void switchOff()
    {
        isSwitchedOff = true;
        lose();
    }

    /** The output comes back, from the line or the battery; when both are gone, with the line. */
    public void switchOn()
    {
        isSwitchedOff = false;
        if (feed == Feed.NOTHING && line.isGood())
        {
            enter(Feed.INPUT);
        }
        else if (feed == Feed.NOTHING && battery.storedJoules(nowNs) > 0)
        {
            enter(Feed.BATTERY);
        }
    }

    /** The generator may start or not; it stops when it may not. */
    public void generator(final boolean isArmed)
    {
        require(line.hasGenerator(), spec.name() + " has no generator");
        line.arm(isArmed, nowNs);
        settleInput();
    }

    /** The generator's next so many starts fail. */
    public void failGenerator(final int starts)
    {
        require(line.hasGenerator(), spec.name() + " has no generator");
        require(starts >= 0, starts + " starts, expected 0 or more");
        line.failNext(starts);
    }

    public void lie(final Gauge gauge, final Lie lie)
    {
        gauges.lie(gauge, lie, shown(gauge));
    }

    public void honest(final Gauge gauge)
    {
        gauges.honest(gauge);
    }

    /** What those who ask get to hear from now on. */
    public void communicate(final Communication kind)
    {
        frozen = null;
        frozen = kind == Communication.FROZEN ? variables() : null;
        communication = kind;
    }

    public void lowCharge(final double percent)
    {
        require(percent >= 0 && percent <= 100, percent + " percent, expected 0 to 100");
        lowChargePercent = percent;
    }

    public void lowRuntime(final long leftNs)
    {
        require(leftNs >= 0, leftNs + " ns, expected 0 or more");
        lowRuntimeNs = leftNs;
    }

    /** How long {@link #shutdownAfter} is given by those who do not say. */
    public void shutdownDelay(final long delayNs)
    {
        require(delayNs >= 0, delayNs + " ns, expected 0 or more");
        shutdownDelayNs = delayNs;
    }

    public long shutdownDelayNs()
    {
        return shutdownDelayNs;
    }

    /** Whether the load has current. A gap that its own power supplies bridge does not count. */
    public boolean isOutputOn()
    {
        return feed == Feed.TRANSFER ? !isGapNoticed : feed != Feed.NOTHING;
    }

    /** How often the load has lost its current, also when it got it back between two looks. */
    public long outputLosses()
    {
        return outputLosses;
    }

    public boolean isOnBattery()
    {
        return feed == Feed.BATTERY || feed == Feed.TRANSFER;
    }

    public Communication communication()
    {
        return communication;
    }

    public double loadWatts()
    {
        return loadWatts;
    }

    /** What the load has had of the battery since the beginning. */
    public double deliveredJoules()
    {
        return deliveredJoules + (feed == Feed.BATTERY ? loadWatts * (nowNs - deliveredUntilNs) / NANOS : 0);
    }

    /** What is so, whatever the gauges show and whoever hears of it. */
    public BatteryTruth truth()
    {
        final double seconds = feed == Feed.NOTHING ? 0 : battery.secondsLeft(drawnWatts(), nowNs);
        return new BatteryTruth(battery.storedJoules(nowNs), battery.spec().capacityJoules(),
            loadWatts == 0 ? 0 : loadWatts * seconds, seconds);
    }

    /** What the UPS says of its state: "OB DISCHRG LB". */
    public String status()
    {
        return frozen != null ? frozen.get("ups.status") : Readings.status(this);
    }

    /** What the UPS says, by NUT's names and in their order; what it said before while that is frozen. */
    public Map<String, String> variables()
    {
        return frozen != null ? frozen : Readings.of(this);
    }

    /** A gauge, and the lie that it tells. */
    double shown(final Gauge gauge)
    {
        final double percent = battery.percent(nowNs);
        return gauges.shown(gauge, gauge == Gauge.CHARGE ? percent : truth().secondsLeft(), percent);
    }

    /** What comes in, from wherever. */
    public double inputVolts()
    {
        return line.volts();
    }

    /** "mains", "generator" or "none". */
    public String inputSource()
    {
        return line.source();
    }

    Line line()
    {
        return line;
    }

    /** By what it shows, as the electronics know no better. */
    boolean isLow()
    {
        return shown(Gauge.CHARGE) <= lowChargePercent ||
            isOnBattery() && shown(Gauge.RUNTIME) * NANOS <= lowRuntimeNs;
    }

    boolean isReplacementDue()
    {
        return isReplacementAsked || battery.spec().wear() < WORN;
    }

    boolean isTakingCharge()
    {
        return battery.isTakingCharge(nowNs);
    }

    boolean isCalibrating()
    {
        return isCalibrating;
    }

    boolean isForced()
    {
        return isForced;
    }

    double lowChargePercent()
    {
        return lowChargePercent;
    }

    long lowRuntimeNs()
    {
        return lowRuntimeNs;
    }

    BatterySpec batterySpec()
    {
        return battery.spec();
    }
}
