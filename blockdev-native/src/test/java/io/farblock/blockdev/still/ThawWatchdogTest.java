package io.farblock.blockdev.still;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.bpf.Cleanup;
import io.farblock.blockdev.linux.LoopDevice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the watchdog does when the daemon is late, and what the daemon does when the watchdog is gone. */
class ThawWatchdogTest
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @TempDir
    private Path directory;

    private final Cleanup cleanup = new Cleanup();
    private Freezer freezer;
    private FreezableLoop loop;

    @BeforeEach
    void makeFreezer() throws IOException
    {
        loop = cleanup.add(FreezableLoop.create("ext4"));
        freezer = cleanup.add(new Freezer(directory, SystemNanoClock.INSTANCE));
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldThawWhenTheTimeIsUp() throws Exception
    {
        final Frozen frozen = freezer.freeze(List.of(loop.device()), TimeUnit.MILLISECONDS.toNanos(200));

        loop.assertWritable();

        assertThat(frozen.thaw()).as("the cut is void").isFalse();
        assertThat(freezer.freeze(List.of(loop.device()), LIMIT_NS).thaw()).as("the next is not").isTrue();
    }

    @Test
    void shouldNotThawBeforeTheTimeIsUp() throws Exception
    {
        // the time runs from before the freeze, however long that takes
        final long beginNs = System.nanoTime();
        final Frozen frozen = freezer.freeze(List.of(loop.device()), TimeUnit.MILLISECONDS.toNanos(1500));

        loop.assertWritable();

        // it counts in hundredths of a second
        assertThat(System.nanoTime() - beginNs).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1480));
        assertThat(frozen.thaw()).isFalse();
    }

    @Test
    void shouldNotThawAgainWhatOthersFroze() throws Exception
    {
        final Frozen frozen = freezer.freeze(List.of(loop.device()), TimeUnit.MILLISECONDS.toNanos(300));
        loop.assertWritable();
        assertThat(loop.byOthers("-f")).isTrue();

        final boolean stillTheirs = loop.staysFrozen();

        assertThat(stillTheirs).isTrue();
        assertThat(loop.byOthers("-u")).isTrue();
        assertThat(frozen.thaw()).isFalse();
    }

    @Test
    void shouldStartAnotherWhenItWasKilled() throws Exception
    {
        assertThat(freezer.freeze(List.of(loop.device()), LIMIT_NS).thaw()).isTrue();
        kill(watchdogs());

        final boolean held = freezer.freeze(List.of(loop.device()), LIMIT_NS).thaw();

        assertThat(held).isTrue();
        assertThat(directory.toFile().list()).as("the dead one's marker is gone").hasSize(1);
    }

    @Test
    void shouldStartAnotherWhenItDoesNotAnswer() throws Exception
    {
        assertThat(freezer.freeze(List.of(loop.device()), LIMIT_NS).thaw()).isTrue();
        signal("STOP", watchdogs());

        final boolean held = freezer.freeze(List.of(loop.device()), LIMIT_NS).thaw();

        assertThat(held).isTrue();
    }

    @Test
    void shouldNotTrustACutWhoseWatchdogWasKilled() throws Exception
    {
        final Frozen frozen = freezer.freeze(List.of(loop.device()), LIMIT_NS);
        kill(watchdogs());

        final boolean held = frozen.thaw();

        assertThat(held).isFalse();
        loop.assertWritable();
        assertThat(freezer.freeze(List.of(loop.device()), LIMIT_NS).thaw()).isTrue();
    }

    @Test
    void shouldOutliveSignalsThatEndOthers() throws Exception
    {
        final Frozen frozen = freezer.freeze(List.of(loop.device()), LIMIT_NS);
        for (final String name : List.of("TERM", "INT", "HUP", "QUIT"))
        {
            signal(name, watchdogs());
        }

        final boolean held = frozen.thaw();

        assertThat(held).isTrue();
    }

    @Test
    void shouldFreezeNothingWhenItCannotLeaveItsMarker() throws Exception
    {
        final Path full = Files.createDirectory(directory.resolve("full"));
        LoopDevice.run(List.of("mount", "-t", "tmpfs", "-o", "size=4096", "none", full.toString()));
        cleanup.add(() -> LoopDevice.run(List.of("umount", full.toString())));
        final Freezer there = cleanup.add(new Freezer(full, SystemNanoClock.INSTANCE));
        Files.write(full.resolve("filler"), new byte[4096]);

        assertThatThrownBy(() -> there.freeze(List.of(loop.device()), LIMIT_NS))
            .hasMessageContaining("refused cannot write " + full).hasMessageContaining("nothing is frozen");

        loop.assertWritable();
        there.close();
    }

    @Test
    void shouldServeTwoDaemonsThatShareADirectory() throws Exception
    {
        final FreezableLoop other = cleanup.add(FreezableLoop.create("ext4"));
        final Freezer second = cleanup.add(new Freezer(directory, SystemNanoClock.INSTANCE));
        final Frozen first = freezer.freeze(List.of(loop.device()), LIMIT_NS);

        final boolean held = second.freeze(List.of(other.device()), LIMIT_NS).thaw();
        final List<String> leftOver = Freezer.thawLeftOver(directory);

        assertThat(held).isTrue();
        assertThat(leftOver).as("nobody else's freeze is left over").isEmpty();
        assertThat(first.thaw()).isTrue();
    }

    @Test
    void shouldHoldNothingOpenOfItsDaemon() throws Exception
    {
        try (var channel = FileChannel.open(loop.image(), StandardOpenOption.READ))
        {
            assertThat(channel.isOpen()).isTrue();
            assertThat(freezer.freeze(List.of(loop.device()), LIMIT_NS).thaw()).isTrue();

            final String open = LoopDevice.run(
                List.of("ls", "-l", "/proc/" + watchdogs().get(0).pid() + "/fd", "/proc/" +
                    watchdogs().get(0).pid() + "/cwd"));

            assertThat(open.lines().filter(line -> line.contains(" -> "))
                .map(line -> line.substring(line.indexOf(" -> ") + 4)))
                .allMatch(target -> target.startsWith("pipe:") || target.equals("/dev/null") || target.equals("/") ||
                    target.startsWith(directory + "/frozen."));
        }
    }

    private static List<ProcessHandle> watchdogs()
    {
        try (Stream<ProcessHandle> children = ProcessHandle.current().children())
        {
            return children.filter(child -> child.info().commandLine().orElse("").contains("farblock-thaw-watchdog"))
                .toList();
        }
    }

    private static void signal(final String name, final List<ProcessHandle> processes) throws IOException
    {
        assertThat(processes).isNotEmpty();
        for (final ProcessHandle process : processes)
        {
            LoopDevice.run(List.of("kill", "-" + name, String.valueOf(process.pid())));
        }
    }

    private static void kill(final List<ProcessHandle> processes) throws Exception
    {
        signal("KILL", processes);
        for (final ProcessHandle process : processes)
        {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
    }
}
