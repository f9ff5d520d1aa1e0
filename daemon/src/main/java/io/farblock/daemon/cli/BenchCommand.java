package io.farblock.daemon.cli;

import io.farblock.daemon.bench.DeviceBench;
import io.farblock.daemon.bench.DeviceReport;
import io.farblock.daemon.bench.PipelineBench;
import io.farblock.daemon.bench.PipelineData;
import io.farblock.daemon.bench.PipelineReport;
import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.config.SizeText;
import io.farblock.daemon.control.ControlJson;
import io.farblock.daemon.control.ExitCode;
import io.farblock.replication.status.SourceStatus.StageStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farblock bench}: what this machine can do. Needs no daemon and disturbs none, save for its share of it. */
@Command(name = "bench", description = "Measure what this machine can do.", mixinStandardHelpOptions = true,
    subcommands = {BenchCommand.Device.class, BenchCommand.Pipeline.class})
final class BenchCommand implements Runnable
{
    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        throw new ParameterException(spec.commandLine(), "bench what? There are "
            + String.join(", ", spec.subcommands().keySet()));
    }

    static String rate(final long bytesPerSecond)
    {
        return String.format(Locale.ROOT, "%.1f MB/s", bytesPerSecond / 1e6);
    }

    private static long size(final CommandSpec spec, final String text)
    {
        try
        {
            return SizeText.parse(text);
        }
        catch (final IllegalArgumentException wrong)
        {
            throw new ParameterException(spec.commandLine(),
                "--size: found " + text + ", expected " + wrong.getMessage());
        }
    }

    /** {@code farblock bench device}. */
    @Command(name = "device", description = "Read a device: in order, in order with SHA-256, and at random. "
        + "What is given is only read.", mixinStandardHelpOptions = true)
    static final class Device implements Callable<Integer>
    {
        @Parameters(paramLabel = "PATH", description = "a device, an image, or a directory to make a file in")
        private Path path;

        @Option(names = "--size", paramLabel = "SIZE", defaultValue = "1G",
            description = "how much of it to read in order (default: ${DEFAULT-VALUE})")
        private String size;

        @Option(names = "--json", description = "one line of JSON")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException
        {
            final DeviceReport report = new DeviceBench().run(path, size(spec, size));
            spec.commandLine().getOut().println(json ? ControlJson.line(report) : text(report));
            return ExitCode.DONE.number();
        }

        private static String text(final DeviceReport report)
        {
            return new Columns("", "DEVICE", "SIZE", "PAGE CACHE", "READ", "READ + SHA-256", "RANDOM 4 KiB")
                .row(report.device(), SizeText.of(report.sizeBytes()), report.direct() ? "bypassed" : "IN THE WAY",
                    rate(report.readBytesPerSecond()), rate(report.hashBytesPerSecond()),
                    report.randomReadsPerSecond() + " IOPS")
                .toString().stripTrailing();
        }
    }

    /** {@code farblock bench pipeline}. */
    @Command(name = "pipeline", description = "Replicate an image to another one over loopback, in this process.",
        mixinStandardHelpOptions = true)
    static final class Pipeline implements Callable<Integer>
    {
        @Option(names = "--size", paramLabel = "SIZE", defaultValue = "1G",
            description = "of the image (default: ${DEFAULT-VALUE}); twice that is needed in --dir")
        private String size;

        @Option(names = "--data", paramLabel = "random|text|zero|FILE", defaultValue = "text",
            description = "what is in it (default: ${DEFAULT-VALUE})")
        private String data;

        @Option(names = "--level", paramLabel = "N", defaultValue = "1",
            description = "of zstd, 0 for none (default: ${DEFAULT-VALUE})")
        private int level;

        @Option(names = "--dir", paramLabel = "DIR", description = "where to work (default: the temporary directory)")
        private Path directory;

        @Option(names = "--json", description = "one line of JSON")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException
        {
            final long sizeBytes = size(spec, size) / 4096 * 4096;
            if (sizeBytes == 0 || level < 0 || level > 19)
            {
                throw new ParameterException(spec.commandLine(), "found --size " + size + " --level " + level
                    + ", expected at least 4 KiB and a level of 0 to 19");
            }
            final Path where = directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
            final PipelineReport report = new PipelineBench(new PipelineData(data), sizeBytes, level).run(where);
            final PrintWriter out = spec.commandLine().getOut();
            out.print(json ? ControlJson.line(report) + "\n" : text(report));
            out.flush();
            return ExitCode.DONE.number();
        }

        private static String text(final PipelineReport report)
        {
            final Columns stages = new Columns("  ", "STAGE", "BLOCKS", "BYTES", "CPU", "CPU PER BYTE");
            for (final StageStatus stage : report.stages())
            {
                stages.row(stage.name(), Long.toString(stage.blocks()), SizeText.of(stage.bytes()),
                    DurationText.of(stage.cpuNs()), stage.bytes() == 0 ? "-" :
                    String.format(Locale.ROOT, "%.3f ns", (double)stage.cpuNs() / stage.bytes()));
            }
            return new Columns("", "DATA", "SIZE", "TIME", "RATE", "ON THE WIRE", "RATIO")
                .row(report.data(), SizeText.of(report.sizeBytes()), DurationText.of(report.elapsedNs()),
                    rate(report.bytesPerSecond()), SizeText.of(report.wireBytes()),
                    report.payloadBytes() == 0 ? "-" :
                    String.format(Locale.ROOT, "%.2f", (double)report.sizeBytes() / report.payloadBytes()))
                .toString() + stages;
        }
    }
}
