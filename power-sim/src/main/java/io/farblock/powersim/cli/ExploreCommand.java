package io.farblock.powersim.cli;

import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Explorer;
import io.farblock.powersim.explore.FlawedCopies;
import io.farblock.powersim.explore.Scratch;
import io.farblock.powersim.explore.StateId;
import io.farblock.powersim.explore.Violation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code power-sim explore}: tries what power cuts leave of everything durable that is on the class path. Ends with
 * exit code 4 when something does not recover, and says how to have that state again.
 */
@Command(
    name = "explore",
    description = "Cut the power wherever a component writes, in all the ways it may go, and see whether it recovers.",
    mixinStandardHelpOptions = true)
final class ExploreCommand implements Callable<Integer>
{
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(5);
    private static final String ROW = "%-14s %10s %8s %7s %11s %9s %10s%n";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMPONENT", description = "which; all of --list when none is named")
    private List<String> names = new ArrayList<>();

    @Option(names = "--states", paramLabel = "N", defaultValue = "2000",
        description = "how many distinct states of each (default: ${DEFAULT-VALUE})")
    private long states;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
        description = "of the first life; the next one has the next (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--replay", paramLabel = "ID", description = "one state alone, as a violation names it")
    private String replay;

    @Option(names = "--prove", description = {
        "take away each sync, one after the other, and show by which state it is missed.",
        "One that nobody misses is said and worth a look, but is no failure: the exit code is 0. " +
        "It is 4 when a component is broken as it is, of which nothing is proved then."})
    private boolean prove;

    @Option(names = "--list", description = "what there is to be explored")
    private boolean list;

    private PrintWriter out;

    @Override
    public Integer call() throws Exception
    {
        out = spec.commandLine().getOut();
        // before the first component is loaded: each recovery would say what it found
        System.setProperty("logback.configurationFile", "io/farblock/powersim/cli/quiet-log.xml");
        final List<CrashComponent> components = ServiceLoader.load(CrashComponent.class).stream()
            .map(ServiceLoader.Provider::get).sorted(Comparator.comparing(CrashComponent::name)).toList();
        if (components.isEmpty())
        {
            throw wrong("there is no component on the class path; expected jars that name one in META-INF/services/" +
                CrashComponent.class.getName());
        }
        if (states < 1)
        {
            throw wrong("--states is " + states + "; expected at least 1");
        }
        if (list)
        {
            components.forEach(component -> out.println(component.name()));
            return 0;
        }
        try (Scratch scratch = Scratch.make())
        {
            if (replay != null)
            {
                return replay(components, scratch);
            }
            final List<CrashComponent> chosen =
                names.isEmpty() ? components : names.stream().map(name -> named(name, components)).toList();
            return prove ? prove(chosen, scratch) : explore(chosen, scratch);
        }
    }

    private int explore(final List<CrashComponent> chosen, final Scratch scratch) throws Exception
    {
        boolean isBroken = false;
        out.printf(ROW, "component", "states", "cuts", "lives", "violations", "seconds", "states/s");
        for (final CrashComponent component : chosen)
        {
            final long beganNs = System.nanoTime();
            final long[] shownNs = {beganNs};
            final Explorer explorer = new Explorer(component, scratch.directory()).onProgress(each ->
            {
                if (System.nanoTime() - shownNs[0] > EVERY_NS)
                {
                    shownNs[0] = System.nanoTime();
                    spec.commandLine().getErr().println(component.name() + ": " + each.states() + " of " + states);
                }
            });
            explorer.explore(seed, states);
            final double seconds = (System.nanoTime() - beganNs) / 1e9;
            out.printf(ROW, component.name(), explorer.states(), explorer.cuts(), explorer.lives(),
                explorer.violations().size(), "%.1f".formatted(seconds), "%.0f".formatted(explorer.states() / seconds));
            explorer.violations().forEach(this::show);
            isBroken |= !explorer.violations().isEmpty();
        }
        return (isBroken ? ExitCode.DAMAGED : ExitCode.DONE).number();
    }

    private int prove(final List<CrashComponent> chosen, final Scratch scratch) throws Exception
    {
        boolean isBroken = false;
        for (final CrashComponent component : chosen)
        {
            final Explorer asItIs = new Explorer(component, scratch.directory()).explore(seed, states);
            if (!asItIs.violations().isEmpty())
            {
                // each copy would be caught by what is wrong with all of them
                out.println(component.name() + " is broken as it is: nothing is proved of its syncs");
                asItIs.violations().forEach(this::show);
                isBroken = true;
                continue;
            }
            final FlawedCopies copies = new FlawedCopies(component, scratch.directory());
            for (final String site : copies.sites(FlawedCopies.Kind.NO_SYNC, seed))
            {
                final FlawedCopies.Outcome outcome = copies.explore(FlawedCopies.Kind.NO_SYNC, site, seed, states);
                out.println(component.name() + " without " + site + ": " + outcome.caught().map(Violation::toString)
                    .orElse("not missed in " + outcome.states() + " states"));
            }
        }
        return (isBroken ? ExitCode.DAMAGED : ExitCode.DONE).number();
    }

    private int replay(final List<CrashComponent> components, final Scratch scratch) throws Exception
    {
        final StateId id;
        final Optional<Violation> violation;
        try
        {
            id = StateId.parse(replay);
            violation = new Explorer(named(id.component(), components), scratch.directory()).replay(id);
        }
        catch (final IllegalArgumentException ex)
        {
            throw wrong(ex.getMessage());
        }
        violation.ifPresentOrElse(this::show, () -> out.println(id + ": recovers as it should"));
        return (violation.isPresent() ? ExitCode.DAMAGED : ExitCode.DONE).number();
    }

    private void show(final Violation violation)
    {
        out.println(violation.id() + ": " + violation.what());
        for (final StackTraceElement element : violation.cause().getStackTrace())
        {
            if (element.getClassName().contains(".powersim.explore.Explorer"))
            {
                break;
            }
            out.println("    at " + element);
        }
        out.println("    again: power-sim explore --replay " + violation.id());
    }

    private CrashComponent named(final String name, final List<CrashComponent> components)
    {
        return components.stream().filter(component -> component.name().equals(name)).findFirst()
            .orElseThrow(() -> wrong("there is no component \"" + name + "\"; expected " +
                components.stream().map(CrashComponent::name).collect(Collectors.joining(", "))));
    }

    private CommandLine.ParameterException wrong(final String message)
    {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
