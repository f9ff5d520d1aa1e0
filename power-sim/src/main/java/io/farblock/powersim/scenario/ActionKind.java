package io.farblock.powersim.scenario;

import io.farblock.powersim.plan.PlanTable;
import io.farblock.powersim.ups.Communication;
import io.farblock.powersim.ups.Gauge;
import io.farblock.powersim.ups.Lie;
import io.farblock.powersim.ups.SimUps;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The words for what can be done to a UPS, the same in files and as commands. */
enum ActionKind
{
    CUT("cut", true, List.of(), (table) -> (ups) ->
    {
        ups.cutMains();
        return ups::restoreMains;
    }),
    RESTORE("restore", false, List.of(), (table) -> does(SimUps::restoreMains)),
    BROWNOUT("brownout", true, List.of("volts"), (table) ->
    {
        final double volts = table.number("volts", -1, 0, 1000);
        return (ups) ->
        {
            ups.mains(volts);
            return ups::restoreMains;
        };
    }),
    LOAD("load", true, List.of("watts"), (table) ->
    {
        final double watts = table.number("watts", -1, 0, 1e6);
        return (ups) ->
        {
            final double before = ups.loadWatts();
            ups.load(watts);
            return () -> ups.load(before);
        };
    }),
    GENERATOR("generator", true, List.of("may-start", "fail-next"), ActionKind::generator),
    REPLACE_BATTERY("replace-battery", true, List.of("asked"), (table) ->
        switched(table.flag("asked", true), SimUps::replaceBattery)),
    LIE("lie", true, List.of("gauge", "kind", "value"), ActionKind::lie),
    HONEST("honest", false, List.of(), (table) -> does((ups) ->
        Stream.of(Gauge.values()).forEach(ups::honest))),
    SILENCE("silence", true, List.of("kind"), ActionKind::silence),
    SPEAK("speak", false, List.of(), (table) -> does((ups) -> ups.communicate(Communication.GOOD))),
    AGE("age", false, List.of("years"), (table) ->
    {
        final double years = table.number("years", -1, 0, 100);
        return does((ups) -> ups.age(years));
    }),
    TEMPERATURE("temperature", false, List.of("celsius"), (table) ->
    {
        final double celsius = table.number("celsius", -1e9, -40, 80);
        return does((ups) -> ups.temperature(celsius));
    }),
    BYPASS("bypass", true, List.of("engaged"), (table) -> switched(table.flag("engaged", true), SimUps::bypass)),
    CALIBRATE("calibrate", true, List.of("running"), (table) ->
        switched(table.flag("running", true), SimUps::calibrate)),
    FSD("fsd", true, List.of("forced"), (table) -> switched(table.flag("forced", true), SimUps::force)),
    OFF("off", true, List.of(), (table) -> (ups) ->
    {
        ups.switchOff();
        return ups::switchOn;
    }),
    ON("on", false, List.of(), (table) -> does(SimUps::switchOn));

    private static final List<String> GAUGES = words(Gauge.values());
    private static final List<String> LIES = words(Lie.Kind.values());
    private static final List<String> SILENCES = Arrays.stream(Communication.values())
        .filter((kind) -> kind != Communication.GOOD).map(Communication::word).toList();

    private final String text;
    private final boolean canEnd;
    private final List<String> keys;
    private final Function<PlanTable, UpsAction> reader;

    ActionKind(final String text, final boolean canEnd, final List<String> keys,
        final Function<PlanTable, UpsAction> reader)
    {
        this.text = text;
        this.canEnd = canEnd;
        this.keys = keys;
        this.reader = reader;
    }

    String text()
    {
        return text;
    }

    /** Whether it may be over after a while, which undoes it. */
    boolean canEnd()
    {
        return canEnd;
    }

    List<String> keys()
    {
        return keys;
    }

    /** Mistakes are noted in the table. */
    UpsAction read(final PlanTable table)
    {
        return reader.apply(table);
    }

    private static UpsAction does(final Consumer<SimUps> what)
    {
        return (ups) ->
        {
            what.accept(ups);
            return () ->
            {
            };
        };
    }

    private static UpsAction switched(final boolean on, final Switch what)
    {
        return (ups) ->
        {
            what.set(ups, on);
            return () -> what.set(ups, !on);
        };
    }

    private static UpsAction generator(final PlanTable table)
    {
        final boolean mayStart = table.flag("may-start", true);
        final int failing = (int)table.count("fail-next", 0, 0, 1000);
        if (!table.has("may-start") && !table.has("fail-next"))
        {
            table.wrong("may-start", "true or false, or fail-next", "say what becomes of the generator");
        }
        return (ups) ->
        {
            ups.failGenerator(failing);
            if (!table.has("may-start"))
            {
                return () ->
                {
                };
            }
            ups.generator(mayStart);
            return () -> ups.generator(!mayStart);
        };
    }

    private static UpsAction lie(final PlanTable table)
    {
        final Gauge gauge = Gauge.valueOf(table.word("gauge", null, GAUGES).toUpperCase(Locale.ROOT));
        final Lie.Kind kind = Lie.Kind.valueOf(table.word("kind", null, LIES).toUpperCase(Locale.ROOT));
        final Lie lie = new Lie(kind, table.number("value", Double.NaN, 0, 1e6));
        return (ups) ->
        {
            ups.lie(gauge, lie);
            return () -> ups.honest(gauge);
        };
    }

    private static UpsAction silence(final PlanTable table)
    {
        final Communication kind = Communication.valueOf(
            table.word("kind", Communication.STALE.word(), SILENCES).toUpperCase(Locale.ROOT).replace('-', '_'));
        return (ups) ->
        {
            ups.communicate(kind);
            return () -> ups.communicate(Communication.GOOD);
        };
    }

    private static List<String> words(final Enum<?>[] values)
    {
        return Stream.of(values).map((value) -> value.name().toLowerCase(Locale.ROOT)).toList();
    }

    /** Something that a UPS has on or off. */
    private interface Switch
    {
        void set(SimUps ups, boolean on);
    }
}
