package io.farblock.powersim.config;

import io.farblock.powersim.plan.PlanTable;
import io.farblock.powersim.ups.BatterySpec;
import io.farblock.powersim.ups.GeneratorSpec;
import io.farblock.powersim.ups.InputSpec;
import io.farblock.powersim.ups.UpsSpec;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Reads one UPS with its input, battery and generator; mistakes are noted in the tables. One thread, one table. */
final class UpsReader
{
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");
    private static final List<String> KEYS = List.of("name", "description", "nominal", "load", "overload",
        "overload-time", "idle", "efficiency", "transfer", "hold-up", "return", "restart", "low-charge", "low-runtime",
        "charge", "seed", "input", "battery", "generator");
    private static final List<String> INPUT_KEYS = List.of("nominal", "low", "boost", "trim", "high", "hertz");
    private static final List<String> BATTERY_KEYS = List.of("volts", "ampere-hours", "rated-hours", "peukert", "age",
        "life", "temperature", "charger", "absorption");
    private static final List<String> GENERATOR_KEYS =
        List.of("wait", "start", "fail-first", "fail-chance", "retry", "attempts", "fuel");
    private static final double MOST_WATTS = 1e6;
    private static final double MOST_VOLTS = 1000;

    private final PlanTable table;

    UpsReader(final PlanTable table)
    {
        this.table = table;
    }

    /** Null when something is wrong with it. */
    UpsSpec read()
    {
        final int before = table.mistakes().count();
        table.requireKnown(KEYS);
        final String name = table.text("name", "the name by which clients ask for it");
        if (name != null && !NAME.matcher(name).matches())
        {
            table.wrong("name", "1 to 32 letters, digits, dots, dashes and underscores", "rename it");
        }
        final UpsSpec typical = UpsSpec.builder(String.valueOf(name)).conclude();
        try
        {
            final UpsSpec.Builder spec = UpsSpec.builder(typical.name())
                .description(
                    table.has("description") ? String.valueOf(table.text("description", "a text")) : "simulated")
                .nominal(table.number("nominal", typical.nominalWatts(), 1, MOST_WATTS))
                .load(table.number("load", typical.loadWatts(), 0, MOST_WATTS))
                .overload(table.number("overload", typical.overloadPercent(), 100, 1000),
                    table.duration("overload-time", typical.overloadNs(), 0))
                .losses(table.number("idle", typical.idleWatts(), 0, MOST_WATTS),
                    table.number("efficiency", typical.efficiency(), 0.1, 1))
                .transfer(table.duration("transfer", typical.transferNs(), 0),
                    table.duration("hold-up", typical.holdUpNs(), 0))
                .returning(table.duration("return", typical.returnNs(), 0),
                    table.duration("restart", typical.restartNs(), 0))
                .low(table.number("low-charge", typical.lowChargePercent(), 0, 100),
                    table.duration("low-runtime", typical.lowRuntimeNs(), 0))
                .input(input(typical.input())).battery(battery(typical.battery()), table.number("charge", 100, 0, 100))
                .generator(generator()).seed(table.count("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
            return table.mistakes().count() > before ? null : spec.conclude();
        }
        catch (final IllegalArgumentException contradictory)
        {
            table.mistakes().add(table.line(), "ups", contradictory.getMessage());
            return null;
        }
    }

    private PlanTable part(final String key, final List<String> keys)
    {
        final PlanTable part = table.has(key) ? table.table(key, "a table") : null;
        if (part != null)
        {
            part.requireKnown(keys);
        }
        return part;
    }

    private InputSpec input(final InputSpec typical)
    {
        final PlanTable part = part("input", INPUT_KEYS);
        if (part == null)
        {
            return typical;
        }
        final double nominal = part.number("nominal", typical.nominalVolts(), 1, MOST_VOLTS);
        final double scale = nominal / typical.nominalVolts();
        return new InputSpec(nominal, part.number("low", typical.lowVolts() * scale, 1, MOST_VOLTS),
            part.number("boost", typical.boostVolts() * scale, 1, MOST_VOLTS),
            part.number("trim", typical.trimVolts() * scale, 1, MOST_VOLTS),
            part.number("high", typical.highVolts() * scale, 1, MOST_VOLTS),
            part.number("hertz", typical.hertz(), 1, 1000));
    }

    private BatterySpec battery(final BatterySpec typical)
    {
        final PlanTable part = part("battery", BATTERY_KEYS);
        return part == null ? typical : new BatterySpec(part.number("volts", typical.volts(), 1, MOST_VOLTS),
            part.number("ampere-hours", typical.ampereHours(), 0.1, 1e5),
            part.number("rated-hours", typical.ratedHours(), 0.1, 100),
            part.number("peukert", typical.peukert(), 1, 2), part.number("age", typical.ageYears(), 0, 100),
            part.number("life", typical.lifeYears(), 0.1, 100),
            part.number("temperature", typical.celsius(), -40, 80),
            part.number("charger", typical.chargerWatts(), 0, MOST_WATTS),
            part.number("absorption", typical.absorptionPercent(), 1, 99));
    }

    private GeneratorSpec generator()
    {
        final PlanTable part = part("generator", GENERATOR_KEYS);
        return part == null ? null : new GeneratorSpec(part.duration("wait", TimeUnit.SECONDS.toNanos(5), 0),
            part.duration("start", TimeUnit.SECONDS.toNanos(15), 0), (int)part.count("fail-first", 0, 0, 1000),
            part.number("fail-chance", 0, 0, 1), part.duration("retry", TimeUnit.SECONDS.toNanos(30), 0),
            (int)part.count("attempts", 3, 1, 1000), part.duration("fuel", TimeUnit.HOURS.toNanos(24), 0));
    }
}
