package io.farblock.daemon.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.daemon.demo.DemoReport.Round;
import io.farblock.daemon.faults.Deadline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The story from end to end, with real processes and lines, over an engine that only copies. */
@Timeout(180)
class DemoTest
{
    @TempDir
    private Path directory;
    private final StringWriter output = new StringWriter();

    @AfterEach
    void shouldLeaveNothingBehind() throws IOException
    {
        // killed, and so gone in a moment; what another test has killed is on its way too
        Deadline.await("no process is left", 30, () ->
            ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive));
        try (Stream<Path> left = Files.list(directory))
        {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    @Test
    void shouldTellTheWholeStory() throws Exception
    {
        final DemoReport report = demo(null, ToySite.class.getName()).run();

        assertThat(report.equal()).as(output.toString()).isTrue();
        assertThat(report.rounds()).extracting(Round::what)
            .contains("first copy", "changes", "line cut", "target killed");
        assertThat(output.toString()).containsPattern("line north is cut at [3-8]\\d % of the epoch")
            .containsPattern("beta is killed at [3-8]\\d % of the epoch").contains("seed 7")
            .doesNotContain("\u001b");
    }

    @Test
    void shouldLeaveAGivenDeviceAlone() throws Exception
    {
        final Path device = directory.resolve("mine.img");
        final byte[] content = new byte[32 << 20];
        new Random(1).nextBytes(content);
        Files.write(device, content);

        final DemoReport report = demo(device, ToySite.class.getName()).run();

        assertThat(report.equal()).as(output.toString()).isTrue();
        assertThat(report.rounds()).hasSize(1);
        assertThat(Files.readAllBytes(device)).isEqualTo(content);
    }

    @Test
    void shouldShowTheLogsWhenASiteDoesNotStart()
    {
        assertThatThrownBy(() -> demo(null, "no.such.Main").run())
            .isInstanceOf(DemoException.class).hasMessageContaining("beta ended at once with exit code 1");

        assertThat(output.toString()).contains("--- the end of beta's log").contains("no.such.Main");
    }

    @Test
    void shouldSayWhatIsWrongWithADevice()
    {
        assertThatThrownBy(() -> demo(directory.resolve("none"), "x").run()).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> demo(directory, "x").run()).hasMessageContaining("is not a device or file");
    }

    private Demo demo(final Path device, final String mainClass)
    {
        return new Demo(new DemoOptions(device, directory, 16 << 20, false, 7), mainClass, new PrintWriter(output),
            false, SystemNanoClock.INSTANCE);
    }
}
