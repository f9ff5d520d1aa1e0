package io.farblock.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Benches measure, print, and leave everything as it was. */
@Timeout(60)
class BenchCommandTest
{
    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldOnlyReadTheDeviceThatIsGiven() throws IOException
    {
        final byte[] content = new byte[2 << 20];
        content[5] = 7;
        final Path image = Files.write(directory.resolve("mine.img"), content);

        final int exit = run("bench", "device", image.toString());

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString()).contains("READ + SHA-256", "MB/s", "IOPS", "2 MiB");
        assertThat(Files.readAllBytes(image)).isEqualTo(content);
    }

    @Test
    void shouldRemoveTheFileItMakes() throws IOException
    {
        final int exit = run("bench", "device", directory.toString(), "--size", "4M", "--json");

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString()).contains("\"measuredBytes\":4194304", "\"randomReadsPerSecond\":");
        assertThat(left()).isZero();
    }

    @Test
    void shouldMeasureThePipeline() throws IOException
    {
        final int exit = run("bench", "pipeline", "--size", "8M", "--data", "text", "--dir", directory.toString());

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString()).contains("RATIO", "hash", "compress-0", "send", "verify-0", "apply", "ns");
        assertThat(left()).isZero();
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        assertThat(run("bench")).isEqualTo(2);
        assertThat(run("bench", "pipeline", "--size", "many")).isEqualTo(2);
        assertThat(run("bench", "device", directory.resolve("none").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("device, pipeline", "--size: found many", "none");
    }

    private long left() throws IOException
    {
        try (Stream<Path> entries = Files.list(directory))
        {
            return entries.count();
        }
    }

    private int run(final String... args)
    {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
