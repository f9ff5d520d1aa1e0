package io.farblock.daemon.cli;

import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.config.SizeText;
import io.farblock.daemon.control.ExitCode;
import io.farblock.daemon.demo.Demo;
import io.farblock.daemon.demo.DemoException;
import io.farblock.daemon.demo.DemoOptions;
import io.farblock.daemon.demo.DemoReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code farblock demo}: both sites on this machine, two lines, the whole story. Exit code 0 only if both devices hold
 * the same bytes at the end; 4 if they do not; 1 if the story broke off.
 */
@Command(name = "demo", description = "Both sites on this machine, faults included; compares every byte at the end.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer>
{
    @Option(names = "--device", paramLabel = "DEV|FILE",
        description = "replicate this device or image; it is only read (default: an image of its own)")
    private Path device;

    @Option(names = "--dir", paramLabel = "DIR", description = "where to work (default: the temporary directory)")
    private Path directory;

    @Option(names = "--size", paramLabel = "SIZE", defaultValue = "256M",
        description = "of the image that is made (default: ${DEFAULT-VALUE})")
    private String size;

    @Option(names = "--keep", description = "leave images, logs and configuration behind")
    private boolean keep;

    @Option(names = "--seed", paramLabel = "N", description = "of everything random (default: a new one, printed)")
    private Long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws DemoException, IOException, InterruptedException
    {
        final long sizeBytes;
        try
        {
            sizeBytes = SizeText.parse(size);
        }
        catch (final IllegalArgumentException wrong)
        {
            throw new CommandLine.ParameterException(spec.commandLine(),
                "--size: found " + size + ", expected " + wrong.getMessage());
        }
        final PrintWriter out = spec.commandLine().getOut();
        final DemoOptions options = new DemoOptions(device, directory, sizeBytes, keep,
            seed == null ? ThreadLocalRandom.current().nextLong(1_000_000) : seed);
        final DemoReport report = new Demo(
            options, Main.class.getName(), out, Terminal.ofStandardOutput(), SystemNanoClock.INSTANCE).run();
        out.println();
        out.print(table(report));
        out.println();
        out.println(report.verdict());
        out.flush();
        return (report.equal() ? ExitCode.DONE : ExitCode.DAMAGED).number();
    }

    static String table(final DemoReport report)
    {
        final Columns columns = new Columns(
            "", "EPOCH", "WHAT HAPPENED", "WRITTEN", "CHANGED", "SENT", "RATIO", "TIME");
        for (final DemoReport.Round round : report.rounds())
        {
            columns.row(Long.toString(round.result().epoch()), round.what(),
                round.writtenBytes() < 0 ? "-" : SizeText.of(round.writtenBytes()),
                SizeText.of(round.result().changedBytes()), SizeText.of(round.result().wireBytes()),
                round.result().payloadBytes() > 0 ? String.format(Locale.ROOT, "%.1f",
                    (double)round.result().changedBytes() / round.result().payloadBytes()) : "unknown",
                DurationText.of(round.result().elapsedNs()));
        }
        return columns.toString();
    }
}
