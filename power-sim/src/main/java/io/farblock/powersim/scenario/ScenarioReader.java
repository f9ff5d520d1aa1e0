package io.farblock.powersim.scenario;

import io.farblock.powersim.plan.Mistakes;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.plan.PlanTable;
import io.farblock.powersim.plan.PlanText;
import io.farblock.powersim.ups.UpsSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes a scenario of a text, or tells all that is wrong with it. One thread, one file. */
final class ScenarioReader
{
    static final List<String> ACTIONS = Stream.of(ActionKind.values()).map(ActionKind::text).toList();

    private static final int MOST_EVENTS = 1_000;
    private static final int MOST_TIMES = 100_000;
    private static final List<String> KEYS = List.of("do", "ups", "at", "for", "every", "times", "jitter");

    private final String name;
    private final List<UpsSpec> upses;

    ScenarioReader(final String name, final List<UpsSpec> upses)
    {
        this.name = name;
        this.upses = upses;
    }

    Scenario read(final String text) throws PlanException
    {
        final PlanTable root = PlanText.parse(name, text, "a scenario");
        final Mistakes mistakes = root.mistakes();
        root.requireKnown(List.of("seed", Scenario.EVENT));
        final long seed = root.count("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE);
        final List<ScenarioEvent> events = new ArrayList<>();
        root.tables(Scenario.EVENT, MOST_EVENTS).forEach((table) -> events.add(event(table)));
        if (!mistakes.isEmpty())
        {
            throw mistakes.exception();
        }
        return new Scenario(seed, events);
    }

    private ScenarioEvent event(final PlanTable table)
    {
        final String word = table.word("do", null, ACTIONS);
        final ActionKind kind = ActionKind.values()[ACTIONS.indexOf(word)];
        final boolean isKnown = word.equals(table.value("do"));
        if (isKnown)
        {
            table.requireKnown(Stream.concat(KEYS.stream(), kind.keys().stream()).toList());
        }
        final String ups = table.has("ups") ? ups(table) : null;
        if (kind == ActionKind.GENERATOR)
        {
            requireGenerator(table, ups);
        }
        if (!table.has("at"))
        {
            table.wrong("at", "a duration such as \"10s\"", "say how long after the beginning it happens");
        }
        final long atNs = table.duration("at", 0, 0);
        final long forNs = table.duration("for", 0, 1);
        if (forNs > 0 && isKnown && !kind.canEnd())
        {
            table.wrong("for", "no such key beside do = \"" + word + '"', "remove it: this has no end");
        }
        return repeated(table, new ScenarioEvent(ups, text(table, kind), isKnown ? kind.read(table) : null, atNs,
            forNs, 0, 1, table.duration("jitter", 0, 0)));
    }

    private static ScenarioEvent repeated(final PlanTable table, final ScenarioEvent once)
    {
        final long everyNs = table.duration("every", 0, 1);
        final int times = (int)table.count("times", 1, 1, MOST_TIMES);
        if (table.has("times") != table.has("every"))
        {
            table.wrong(table.has("times") ? "every" : "times", "every and times together",
                "say both how often and how far apart");
        }
        else if (everyNs > 0 && once.forNs() + once.jitterNs() >= everyNs)
        {
            table.wrong("every", "longer than for and jitter together", "else a time begins before the last has ended");
        }
        if (everyNs > Long.MAX_VALUE / 2 / Math.max(1, times) || once.atNs() > Long.MAX_VALUE / 4)
        {
            table.wrong("times", "an end within a hundred years", "correct it");
        }
        return new ScenarioEvent(once.ups(), once.text(), once.action(), once.atNs(), once.forNs(), everyNs, times,
            once.jitterNs());
    }

    private String ups(final PlanTable table)
    {
        return table.word("ups", null, upses.stream().map(UpsSpec::name).toList());
    }

    private void requireGenerator(final PlanTable table, final String ups)
    {
        for (final UpsSpec spec : upses)
        {
            if ((ups == null || ups.equals(spec.name())) && spec.generator() == null)
            {
                table.wrong("do", "an action for " + spec.name() + ", which has no generator",
                    "give it one in the UPS file, or name another with ups = \"...\"");
                return;
            }
        }
    }

    private static String text(final PlanTable table, final ActionKind kind)
    {
        final StringBuilder text = new StringBuilder(kind.text());
        Stream.concat(kind.keys().stream(), Stream.of("for", "ups")).filter(table::has)
            .forEach((key) -> text.append(' ').append(key).append('=').append(table.value(key)));
        return text.toString();
    }
}
