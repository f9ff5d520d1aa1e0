package io.farblock.raidsim.serve;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.plan.SettingText;
import io.farblock.raidsim.config.ArrayConfig;
import io.farblock.raidsim.plan.FaultPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * A fault that a command asks for, as a plan of one entry: the words are those of plans, and so are the checks. It
 * strikes at once if no other time is given. Stateless.
 */
final class LiveFault
{
    private LiveFault()
    {
    }

    /** @param settings each "key=value". */
    static FaultPlan of(final ArrayConfig config, final String disk, final String kind, final List<String> settings,
        final long seed) throws PlanException, ServeException
    {
        final List<String> all = new ArrayList<>(List.of("disk=" + disk, "kind=" + kind));
        all.addAll(settings);
        if (settings.stream().noneMatch((setting) -> FaultPlan.isTrigger(setting.replaceAll("=.*", ""))))
        {
            all.add("at=0s");
        }
        try
        {
            return FaultPlan.parse("command", SettingText.entry("fault", all), config.planDisks()).withSeed(seed);
        }
        catch (final IllegalArgumentException unreadable)
        {
            throw new ServeException(ExitCode.USAGE, unreadable.getMessage());
        }
    }
}
