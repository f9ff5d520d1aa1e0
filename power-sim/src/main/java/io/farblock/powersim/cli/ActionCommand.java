package io.farblock.powersim.cli;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Something that is done to a UPS, in the words of a scenario's event: {@code load ups.toml 450 --for 2m} is
 * {@code do = "load"}, {@code watts = 450}, {@code for = "2m"}. The server checks it.
 */
@Command(mixinStandardHelpOptions = true)
abstract class ActionCommand extends FileCommand
{
    private final String action;
    private final List<String> keys;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "VALUE|KEY=VALUE",
        description = "the keys of a scenario's event; values alone are for its own keys, in their order")
    private List<String> values = new ArrayList<>();

    @Option(names = "--ups", paramLabel = "NAME", description = "to this one only")
    private String ups;

    @Option(names = "--at", paramLabel = "DURATION", description = "so much later than now")
    private String at;

    @Option(names = "--for", paramLabel = "DURATION", description = "and undo it after so long")
    private String duration;

    @Option(names = "--every", paramLabel = "DURATION", description = "and again after each so long")
    private String every;

    @Option(names = "--times", paramLabel = "N", description = "so often in all")
    private String times;

    @Option(names = "--jitter", paramLabel = "DURATION", description = "each time later by up to so much, by lot")
    private String jitter;

    /** @param keys of the action, in the order in which values alone are taken for them. */
    ActionCommand(final String action, final String... keys)
    {
        this.action = action;
        this.keys = List.of(keys);
    }

    @Override
    public final Integer call() throws ServeException
    {
        final List<String> words = new ArrayList<>(List.of("do", action));
        int next = 0;
        for (final String value : values)
        {
            if (value.indexOf('=') < 0 && next == keys.size())
            {
                throw new ServeException(ExitCode.USAGE, "\"" + value + "\" is one word too many; " + action +
                    " takes " + (keys.isEmpty() ? "none" : String.join(", ", keys)));
            }
            words.add(value.indexOf('=') < 0 ? keys.get(next++) + '=' + value : value);
        }
        add(words, "ups", ups);
        add(words, "at", at);
        add(words, "for", duration);
        add(words, "every", every);
        add(words, "times", times);
        add(words, "jitter", jitter);
        return ask(words.toArray(new String[0]));
    }

    private void add(final List<String> words, final String key, final String given)
    {
        final String value = given == null ? absent(key) : given;
        if (value != null)
        {
            words.add(key + '=' + value);
        }
    }

    /** What a key is when the command line does not have it; null for nothing. */
    String absent(final String key)
    {
        return null;
    }

    /** {@code power-sim ups cut}. */
    @Command(name = "cut", description = "Cut the mains.")
    static final class Cut extends ActionCommand
    {
        Cut()
        {
            super("cut");
        }
    }

    /** {@code power-sim ups restore}. */
    @Command(name = "restore", description = "Bring the mains back, at its nominal voltage.")
    static final class Restore extends ActionCommand
    {
        Restore()
        {
            super("restore");
        }
    }

    /** {@code power-sim ups brownout}. */
    @Command(name = "brownout", description = "Let the mains sag, or swell.")
    static final class Brownout extends ActionCommand
    {
        Brownout()
        {
            super("brownout", "volts");
        }
    }

    /** {@code power-sim ups flap}: a cut that comes again and again. */
    @Command(name = "flap", description = "Cut the mains for 4 s in every 8 s, 10 times, unless told otherwise.")
    static final class Flap extends ActionCommand
    {
        Flap()
        {
            super("cut");
        }

        @Override
        String absent(final String key)
        {
            return switch (key)
            {
                case "for" -> "4s";
                case "every" -> "8s";
                case "times" -> "10";
                default -> null;
            };
        }
    }

    /** {@code power-sim ups load}. */
    @Command(name = "load", description = "Change what the UPS carries.")
    static final class Load extends ActionCommand
    {
        Load()
        {
            super("load", "watts");
        }
    }

    /** {@code power-sim ups generator}. */
    @Command(name = "generator", description =
        "Keep the generator from starting (may-start=false), or have starts fail (fail-next=2).")
    static final class Generator extends ActionCommand
    {
        Generator()
        {
            super("generator");
        }
    }

    /** {@code power-sim ups replace-battery}. */
    @Command(name = "replace-battery", description = "Have the UPS ask for a new battery.")
    static final class ReplaceBattery extends ActionCommand
    {
        ReplaceBattery()
        {
            super("replace-battery", "asked");
        }
    }

    /** {@code power-sim ups lie}. */
    @Command(name = "lie", description =
        "Have a gauge lie: charge or runtime; stuck at a value, times a factor, or held until a cliff.")
    static final class Lie extends ActionCommand
    {
        Lie()
        {
            super("lie", "gauge", "kind", "value");
        }
    }

    /** {@code power-sim ups honest}. */
    @Command(name = "honest", description = "Have all gauges tell the truth.")
    static final class Honest extends ActionCommand
    {
        Honest()
        {
            super("honest");
        }
    }

    /** {@code power-sim ups silence}. */
    @Command(name = "silence", description =
        "Have clients hear nothing, or nothing new: refuse, hang, stale, driver-gone, frozen.")
    static final class Silence extends ActionCommand
    {
        Silence()
        {
            super("silence", "kind");
        }
    }

    /** {@code power-sim ups speak}. */
    @Command(name = "speak", description = "End the silence.")
    static final class Speak extends ActionCommand
    {
        Speak()
        {
            super("speak");
        }
    }

    /** {@code power-sim ups age}. */
    @Command(name = "age", description = "Make the battery so many years old; 0 is a new one.")
    static final class Age extends ActionCommand
    {
        Age()
        {
            super("age", "years");
        }
    }

    /** {@code power-sim ups temperature}. */
    @Command(name = "temperature", description = "Warm or cool the battery.")
    static final class Temperature extends ActionCommand
    {
        Temperature()
        {
            super("temperature", "celsius");
        }
    }

    /** {@code power-sim ups bypass}. */
    @Command(name = "bypass", description = "Put the load past the UPS.")
    static final class Bypass extends ActionCommand
    {
        Bypass()
        {
            super("bypass", "engaged");
        }
    }

    /** {@code power-sim ups calibrate}. */
    @Command(name = "calibrate", description = "Draw the battery down to learn its runtime.")
    static final class Calibrate extends ActionCommand
    {
        Calibrate()
        {
            super("calibrate", "running");
        }
    }

    /** {@code power-sim ups fsd}. */
    @Command(name = "fsd", description = "Announce a forced shutdown.")
    static final class Fsd extends ActionCommand
    {
        Fsd()
        {
            super("fsd", "forced");
        }
    }

    /** {@code power-sim ups off}. */
    @Command(name = "off", description = "Switch the output off.")
    static final class Off extends ActionCommand
    {
        Off()
        {
            super("off");
        }
    }

    /** {@code power-sim ups on}. */
    @Command(name = "on", description = "Switch the output on.")
    static final class On extends ActionCommand
    {
        On()
        {
            super("on");
        }
    }
}
