package io.farblock.powersim.serve;

import io.farblock.powersim.command.Answer;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.Style;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.scenario.Scenario;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * From a request's words to what is done. On the control thread. Nothing is thrown: what fails is an answer.
 *
 * <pre>
 *   status  json|STYLE      do  ACTION {KEY=VALUE}      speed  N      stop
 * </pre>
 */
final class UpsRequests implements Function<List<String>, Answer>
{
    private static final double SLOWEST = 0.001;
    private static final double FASTEST = 60_000;

    private final UpsRack rack;
    private final Supplier<List<String>> addresses;
    private final Runnable stop;
    private long commands;

    UpsRequests(final UpsRack rack, final Supplier<List<String>> addresses, final Runnable stop)
    {
        this.rack = rack;
        this.addresses = addresses;
        this.stop = stop;
    }

    @Override
    public Answer apply(final List<String> words)
    {
        final String word = words.size() > 1 ? words.get(1) : "";
        return switch (words.get(0))
        {
            case "status" -> status(word);
            case "do" -> happen(word, words.subList(Math.min(2, words.size()), words.size()));
            case "speed" -> speed(word);
            case "stop" -> stop();
            default -> usage("this server does not know \"" + words.get(0) + "\"; is the command of another version?");
        };
    }

    private static Answer usage(final String complaint)
    {
        return new Answer(ExitCode.USAGE, complaint);
    }

    private Answer status(final String style)
    {
        final RackStatus status = rack.status(addresses.get());
        return Answer.done(style.equals("json") ? StatusJson.of(status) : StatusText.of(status, Style.of(style)));
    }

    private Answer happen(final String action, final List<String> settings)
    {
        try
        {
            rack.run(Scenario.of(action, settings, rack.specs(), ++commands));
        }
        catch (final PlanException wrong)
        {
            return usage(String.join("\n", wrong.lines()));
        }
        catch (final IllegalArgumentException unreadable)
        {
            return usage(unreadable.getMessage());
        }
        final RackStatus status = rack.status(List.of());
        return Answer.done(String.join("\n", status.upses().stream().map((ups) -> ups.name() + ": " + ups.tokens() +
            (ups.isOutputOn() ? "" : ", output is off")).toList()));
    }

    private Answer speed(final String word)
    {
        final double speed = word.matches("\\d{1,6}(\\.\\d{1,6})?") ? Double.parseDouble(word) : 0;
        if (speed < SLOWEST || speed > FASTEST)
        {
            return usage("\"" + word + "\" is no speed; expected a number from " + SLOWEST + " to " + (long)FASTEST);
        }
        rack.speed(speed);
        return Answer.done("time passes " + word + " times as fast");
    }

    private Answer stop()
    {
        stop.run();
        return Answer.done("the UPS server is being stopped");
    }
}
