package io.farblock.powersim.ups;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What a UPS says of itself at a moment, by NUT's names. A pure function of the UPS. */
final class Readings
{
    /** What no display has digits for. */
    private static final double MOST_SECONDS = 999_999;
    /** Cells of lead in series give 85 % of nominal when empty and 107 % when full, near enough. */
    private static final double EMPTY_VOLTS = 0.85;
    private static final double FULL_VOLTS = 1.07;
    private static final double FLOAT_VOLTS = 1.14;

    private final SimUps ups;
    private final Map<String, String> said = new TreeMap<>();

    private Readings(final SimUps ups)
    {
        this.ups = ups;
    }

    static Map<String, String> of(final SimUps ups)
    {
        final Readings readings = new Readings(ups);
        readings.identity();
        readings.battery();
        readings.line();
        readings.load();
        return Collections.unmodifiableMap(readings.said);
    }

    private void identity()
    {
        said.put("device.mfr", "Farblock");
        said.put("device.model", "power-sim");
        said.put("device.serial", ups.spec().name());
        said.put("device.type", "ups");
        said.put("driver.name", "power-sim");
        said.put("ups.delay.shutdown", String.valueOf(TimeUnit.NANOSECONDS.toSeconds(ups.shutdownDelayNs())));
        said.put("ups.mfr", "Farblock");
        said.put("ups.model", "power-sim");
        said.put("ups.serial", ups.spec().name());
    }

    private void battery()
    {
        final BatterySpec battery = ups.batterySpec();
        said.put("battery.capacity", decimal(battery.ampereHours()));
        said.put("battery.charge", whole(ups.shown(Gauge.CHARGE)));
        said.put("battery.charge.low", whole(ups.lowChargePercent()));
        said.put("battery.runtime", whole(Math.min(MOST_SECONDS, ups.shown(Gauge.RUNTIME))));
        said.put("battery.runtime.low", String.valueOf(TimeUnit.NANOSECONDS.toSeconds(ups.lowRuntimeNs())));
        said.put("battery.temperature", decimal(battery.celsius()));
        said.put("battery.type", "PbAc");
        said.put("battery.voltage", decimal(battery.volts() * (ups.line().isGood() && !ups.isOnBattery() ? FLOAT_VOLTS :
            EMPTY_VOLTS + (FULL_VOLTS - EMPTY_VOLTS) * ups.truth().chargePercent() / 100)));
        said.put("battery.voltage.nominal", decimal(battery.volts()));
    }

    private void line()
    {
        final InputSpec input = ups.spec().input();
        final double volts = ups.inputVolts();
        said.put("input.frequency", decimal(volts > 0 ? input.hertz() : 0));
        said.put("input.transfer.high", whole(input.highVolts()));
        said.put("input.transfer.low", whole(input.lowVolts()));
        said.put("input.voltage", decimal(volts));
        said.put("input.voltage.nominal", whole(input.nominalVolts()));
        said.put("input.source", ups.inputSource());
        final Generator.State generator = ups.line().generatorState();
        if (generator != null)
        {
            said.put("experimental.generator.state",
                generator.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        said.put("output.voltage", decimal(ups.isOutputOn() ? outputVolts(input, volts) : 0));
    }

    private double outputVolts(final InputSpec input, final double volts)
    {
        return ups.line().isBypassed() || !ups.isOnBattery() && !input.isBoosted(volts) && !input.isTrimmed(volts) ?
            volts : input.nominalVolts();
    }

    private void load()
    {
        final double watts = ups.isOutputOn() ? ups.loadWatts() : 0;
        said.put("ups.load", whole(100 * watts / ups.spec().nominalWatts()));
        said.put("ups.realpower", whole(watts));
        said.put("ups.realpower.nominal", whole(ups.spec().nominalWatts()));
        said.put("ups.status", status(ups));
    }

    static String status(final SimUps ups)
    {
        final InputSpec input = ups.spec().input();
        final boolean isOnBattery = ups.isOnBattery();
        final boolean isOnLine = ups.isOutputOn() && !isOnBattery;
        final StringJoiner tokens = new StringJoiner(" ");
        token(tokens, "FSD", ups.isForced());
        tokens.add(isOnLine || ups.isCalibrating() || !ups.isOutputOn() && ups.line().isGood() ? "OL" : "OB");
        token(tokens, "OFF", !ups.isOutputOn() && !isOnBattery);
        token(tokens, "CAL", ups.isCalibrating());
        token(tokens, "DISCHRG", isOnBattery);
        token(tokens, "CHRG", ups.isTakingCharge());
        token(tokens, "LB", ups.isLow());
        token(tokens, "RB", ups.isReplacementDue());
        token(tokens, "BYPASS", isOnLine && ups.line().isBypassed());
        token(tokens, "BOOST", isOnLine && !ups.line().isBypassed() && input.isBoosted(ups.inputVolts()));
        token(tokens, "TRIM", isOnLine && !ups.line().isBypassed() && input.isTrimmed(ups.inputVolts()));
        token(tokens, "OVER", ups.isOutputOn() && ups.loadWatts() > ups.spec().nominalWatts());
        return tokens.toString();
    }

    private static void token(final StringJoiner tokens, final String token, final boolean holds)
    {
        if (holds)
        {
            tokens.add(token);
        }
    }

    private static String whole(final double value)
    {
        return String.valueOf(Math.round(value));
    }

    private static String decimal(final double value)
    {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
