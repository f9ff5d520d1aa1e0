package io.farblock.raidsim.serve;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.config.ArrayConfig;
import io.farblock.raidsim.plan.FaultPlan;
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
        final StringBuilder text = new StringBuilder("[[fault]]\n");
        text.append("disk = ").append(quoted(disk)).append("\nkind = ").append(quoted(kind)).append('\n');
        boolean hasTrigger = false;
        for (final String setting : settings)
        {
            final int at = setting.indexOf('=');
            if (at < 1 || !setting.substring(0, at).matches("[a-z-]+"))
            {
                throw new ServeException(ExitCode.USAGE, "\"" + setting + "\" is no setting of a fault; expected " +
                    "key=value, such as count=3 or offset=1M, with the keys of fault plans");
            }
            final String key = setting.substring(0, at);
            hasTrigger |= FaultPlan.isTrigger(key);
            text.append(key).append(" = ").append(value(setting.substring(at + 1))).append('\n');
        }
        text.append(hasTrigger ? "" : "at = \"0s\"\n");
        return FaultPlan.parse("command", text.toString(), config.planDisks()).withSeed(seed);
    }

    private static String value(final String text)
    {
        return text.matches("\\d{1,18}(\\.\\d{1,9})?") ? text : quoted(text);
    }

    private static String quoted(final String text)
    {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
