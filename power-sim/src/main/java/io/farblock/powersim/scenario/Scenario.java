package io.farblock.powersim.scenario;

import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.plan.PlanText;
import io.farblock.powersim.plan.SettingText;
import io.farblock.powersim.ups.UpsSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * What happens, checked and ready to be run any number of times. Immutable.
 *
 * @param seed   of all chance in it.
 * @param events in the file's order.
 */
public record Scenario(long seed, List<ScenarioEvent> events)
{
    static final String EVENT = "event";

    public Scenario
    {
        events = List.copyOf(events);
    }

    /** @throws PlanException with every mistake in it. */
    public static Scenario read(final Path file, final List<UpsSpec> upses) throws PlanException
    {
        return parse(file.toString(), PlanText.of(file, "a scenario"), upses);
    }

    /** Checks a scenario whose text is there; messages call it by {@code name}. */
    public static Scenario parse(final String name, final String text, final List<UpsSpec> upses) throws PlanException
    {
        return new ScenarioReader(name, upses).read(text);
    }

    /**
     * One event, as a command says it.
     *
     * @param settings each "key=value", with the keys of a file's event; at once unless they say otherwise.
     * @throws IllegalArgumentException for a setting that is none.
     */
    public static Scenario of(final String action, final List<String> settings, final List<UpsSpec> upses,
        final long seed) throws PlanException
    {
        final String text = SettingText.entry(EVENT, settings) + "do = \"" +
            action.replaceAll("[^a-z-]", "?") + "\"\n" +
            (settings.stream().anyMatch((setting) -> setting.startsWith("at=")) ? "" : "at = \"0s\"\n");
        return new Scenario(seed, parse("command", text, upses).events());
    }

    /** The words for what can happen. */
    public static List<String> actions()
    {
        return ScenarioReader.ACTIONS;
    }
}
