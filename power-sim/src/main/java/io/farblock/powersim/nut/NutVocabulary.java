package io.farblock.powersim.nut;

import io.farblock.powersim.ups.SimUps;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** What the variables mean, which can be set and to what, and what a UPS can be told to do. Stateless. */
final class NutVocabulary
{
    static final String NO_DESCRIPTION = "Description unavailable";

    /** A variable that can be set to a whole number. */
    record Setting(long least, long most, BiConsumer<SimUps, Long> setter)
    {
    }

    /** Something that a UPS can be told to do; the number may be null. */
    record Command(String description, BiConsumer<SimUps, Long> action)
    {
    }

    static final Map<String, Setting> SETTINGS = new TreeMap<>(Map.of(
        "battery.charge.low", new Setting(0, 100, (ups, value) -> ups.lowCharge(value)),
        "battery.runtime.low", new Setting(0, 86_400, (ups, value) -> ups.lowRuntime(ns(value))),
        "ups.delay.shutdown", new Setting(0, 86_400, (ups, value) -> ups.shutdownDelay(ns(value)))));

    static final Map<String, Command> COMMANDS = new TreeMap<>(Map.of(
        "bypass.start", new Command("Put the load past the UPS", (ups, value) -> ups.bypass(true)),
        "bypass.stop", new Command("Take the load back from the line", (ups, value) -> ups.bypass(false)),
        "calibrate.start", new Command("Draw the battery down to learn its runtime",
            (ups, value) -> ups.calibrate(true)),
        "calibrate.stop", new Command("Give up the calibration", (ups, value) -> ups.calibrate(false)),
        "load.off", new Command("Switch the output off at once", (ups, value) -> ups.switchOff()),
        "load.on", new Command("Switch the output on at once", (ups, value) -> ups.switchOn()),
        "shutdown.return", new Command("Switch the output off after a delay, and on again with the mains",
            (ups, value) -> ups.shutdownAfter(delayNs(ups, value), false)),
        "shutdown.stayoff", new Command("Switch the output off after a delay, and leave it off",
            (ups, value) -> ups.shutdownAfter(delayNs(ups, value), true)),
        "shutdown.stop", new Command("Leave the output on after all", (ups, value) -> ups.cancelShutdown())));

    private static final Map<String, String> DESCRIPTIONS = Map.ofEntries(
        Map.entry("battery.capacity", "What the battery holds when new (Ah)"),
        Map.entry("battery.charge", "Charge of the battery (percent)"),
        Map.entry("battery.charge.low", "Charge at which the battery counts as low (percent)"),
        Map.entry("battery.runtime", "How long the battery would last (seconds)"),
        Map.entry("battery.runtime.low", "Runtime at which the battery counts as low (seconds)"),
        Map.entry("battery.temperature", "Temperature of the battery (degrees C)"),
        Map.entry("battery.type", "Chemistry of the battery"),
        Map.entry("battery.voltage", "Voltage of the battery (V)"),
        Map.entry("battery.voltage.nominal", "Voltage that the battery should have (V)"),
        Map.entry("experimental.generator.state", "What the generator does"),
        Map.entry("input.frequency", "Frequency of the input (Hz)"),
        Map.entry("input.source", "Where the input comes from"),
        Map.entry("input.transfer.high", "Above it the battery takes over (V)"),
        Map.entry("input.transfer.low", "Below it the battery takes over (V)"),
        Map.entry("input.voltage", "Voltage of the input (V)"),
        Map.entry("input.voltage.nominal", "Voltage that the input should have (V)"),
        Map.entry("output.voltage", "Voltage of the output (V)"),
        Map.entry("ups.delay.shutdown", "Delay of a shutdown that is asked for without one (seconds)"),
        Map.entry("ups.load", "Load (percent of what the UPS can carry)"),
        Map.entry("ups.realpower", "Load (W)"),
        Map.entry("ups.realpower.nominal", "What the UPS can carry (W)"),
        Map.entry("ups.status", "State of the UPS, in words of two letters and more"));

    private NutVocabulary()
    {
    }

    private static long ns(final long seconds)
    {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private static long delayNs(final SimUps ups, final Long seconds)
    {
        return seconds == null ? ups.shutdownDelayNs() : ns(seconds);
    }

    static String description(final String variable)
    {
        return DESCRIPTIONS.getOrDefault(variable, NO_DESCRIPTION);
    }

    /** As upsd names types. */
    static String type(final String variable, final String value)
    {
        if (SETTINGS.containsKey(variable))
        {
            return "RW RANGE";
        }
        return value.matches("-?\\d+(\\.\\d+)?") ? "NUMBER" : "STRING:" + value.length();
    }
}
