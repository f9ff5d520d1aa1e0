package io.farblock.daemon.cli;

import io.farblock.daemon.config.ConfigException;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.config.SizeText;
import io.farblock.daemon.control.ControlJson;
import io.farblock.daemon.control.ExitCode;
import io.farblock.replication.LinuxStorage;
import io.farblock.replication.marks.BootNote;
import io.farblock.replication.source.EarlyTracking;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.source.Tracking;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code farblock track}: follows the writes to volumes early in a boot, and saves their maps late in a shutdown, with
 * no daemon running. One line, or one JSON object, a volume.
 */
@Command(name = "track", description = "Follow volumes early in a boot; save their maps late in a shutdown.",
    mixinStandardHelpOptions = true)
final class TrackCommand implements Runnable
{
    private static final long LOOK_MS = 100;

    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "track attach or track save?");
    }

    @Command(name = "attach", description = {"Have the kernel mark what is written to every volume with tracking = "
        + "\"bpf\", before anything writes to them."}, mixinStandardHelpOptions = true)
    int attach(
        @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration file")
        final Path config,
        @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "0",
            description = "for devices that have not appeared yet") final int waitSeconds,
        @Option(names = "--json", description = "one JSON object a volume") final boolean json) throws ConfigException
    {
        return each(config, json, source ->
        {
            awaitDevices(source, waitSeconds);
            return new EarlyTracking(source, new LinuxStorage()).attach();
        });
    }

    @Command(name = "save", description = {"Save what the kernel has marked, and mark it clean if nothing can be",
        "written any more; after the daemon has ended and file systems are unmounted."},
        mixinStandardHelpOptions = true)
    int save(
        @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration file")
        final Path config,
        @Option(names = "--json", description = "one JSON object a volume") final boolean json) throws ConfigException
    {
        return each(config, json, source -> new EarlyTracking(source, new LinuxStorage()).save());
    }

    private int each(final Path file, final boolean json,
        final Function<SourceConfig, List<EarlyTracking.Outcome>> work) throws ConfigException
    {
        final PrintWriter err = spec.commandLine().getErr();
        final DaemonConfig config = ConfigFile.read(file);
        final List<EarlyTracking.Outcome> outcomes = new ArrayList<>();
        try
        {
            config.sources().forEach(source -> outcomes.addAll(work.apply(source)));
        }
        catch (final IllegalStateException refused)
        {
            err.println("farblock: " + refused.getMessage());
            return ExitCode.NOT_NOW.number();
        }
        for (final EarlyTracking.Outcome outcome : outcomes)
        {
            spec.commandLine().getOut().println(json ? ControlJson.line(outcome) : text(outcome));
        }
        return outcomes.stream().allMatch(EarlyTracking.Outcome::done) ? ExitCode.DONE.number() :
            ExitCode.FAILED.number();
    }

    static String text(final EarlyTracking.Outcome outcome)
    {
        final BootNote note = outcome.note();
        final String compares = note == null ? "" : "; the next epoch compares "
            + (note.narrowed() ? SizeText.of(note.bytes()) : "everything") + ": " + note.reason();
        return outcome.volume() + ": " + outcome.text() + compares;
    }

    private static void awaitDevices(final SourceConfig source, final int seconds)
    {
        final List<Path> devices = source.groups().stream().flatMap(group -> group.volumes().stream())
            .filter(volume -> volume.tracking() == Tracking.BPF).map(SourceConfig.Volume::device).toList();
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!devices.stream().allMatch(Files::exists) && System.nanoTime() - endNs < 0)
        {
            try
            {
                Thread.sleep(LOOK_MS);
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
