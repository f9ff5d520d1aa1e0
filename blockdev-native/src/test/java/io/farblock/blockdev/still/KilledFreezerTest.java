package io.farblock.blockdev.still;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.bpf.Cleanup;
import io.farblock.blockdev.linux.LoopDevice;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that freezes and thaws without end is killed or stopped at any instant, while another writes: the file
 * system can be written again within two seconds. {@code -Drounds=100} makes it long.
 */
class KilledFreezerTest
{
    private static final long PROMISE_NS = SECONDS.toNanos(2);
    private static final int CYCLES = 5;
    private static final List<String> STEPS = List.of("settle", "freeze", "frozen", "freeze", "thawing");

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @TempDir
    private Path directory;

    private final SplittableRandom random = new SplittableRandom(20261121);
    private final Cleanup cleanup = new Cleanup();
    private final AtomicBoolean enough = new AtomicBoolean();
    private FreezableLoop loop;
    private Thread writer;
    private Process child;
    private BufferedReader says;
    private long longestNs;

    @AfterEach
    void cleanUp() throws Exception
    {
        enough.set(true);
        if (child != null)
        {
            child.destroyForcibly().waitFor();
        }
        if (loop != null)
        {
            // a writer that waits could not be joined
            loop.byOthers("-u");
        }
        if (writer != null)
        {
            writer.join();
        }
        cleanup.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void shouldThawWithinTwoSecondsWhenItIsKilled(final String type) throws Exception
    {
        loop = cleanup.add(FreezableLoop.create(type));
        writeWithoutEnd();
        final String rounds = System.getProperty("rounds", "");

        final Map<String, Integer> killedIn = new TreeMap<>();
        for (int round = 0; round < (rounds.isEmpty() ? 4 : Integer.parseInt(rounds)); round++)
        {
            start(SECONDS.toNanos(30), "go on");
            String last = "";
            for (int cycle = random.nextInt(CYCLES); cycle >= 0; cycle--)
            {
                last = readUntil(STEPS.get(round % STEPS.size()));
            }
            // a moment like any other, which no condition describes
            LockSupport.parkNanos(random.nextInt(3_000_000));
            signal(round % 2 == 0 ? "KILL" : "TERM and KILL");
            child.waitFor();
            assertWritableInTime();
            killedIn.merge(says.lines().reduce(last, (before, line) -> line), 1, Integer::sum);
        }

        System.out.printf("%s: writable at the latest %d ms after the kill; the last that was said: %s%n", type,
            longestNs / 1_000_000, killedIn);
        assertThat(leftIn(directory)).as("no watchdog is left").isZero();
    }

    @Test
    void shouldThawWhenItIsStoppedForTooLong() throws Exception
    {
        loop = cleanup.add(FreezableLoop.create("ext4"));
        for (int round = 0; round < 5; round++)
        {
            start(MILLISECONDS.toNanos(300), "stay frozen");
            readUntil("frozen");
            signal("STOP");
            assertWritableInTime();

            signal("CONT");
            child.getOutputStream().close();

            assertThat(readUntil("thawed")).as("the cut is void").isEqualTo("thawed false");
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldBeThawedByTheNextWhenItIsKilledWithItsWatchdog() throws Exception
    {
        loop = cleanup.add(FreezableLoop.create("ext4"));
        start(SECONDS.toNanos(30), "stay frozen");
        readUntil("frozen");
        // stopped, so that neither can thaw at the other's death
        signal("STOP");
        for (final ProcessHandle watchdog : child.children().toList())
        {
            LoopDevice.run(List.of("kill", "-KILL", String.valueOf(watchdog.pid())));
        }
        child.destroyForcibly().waitFor();
        assertThat(loop.staysFrozen()).isTrue();

        final List<String> thawed = Freezer.thawLeftOver(directory);

        assertThat(thawed).singleElement().asString().contains(loop.mountPoint().getFileName().toString()
            .replace(" ", "\\ "));
        assertWritableInTime();
        assertThat(directory.toFile().list()).isEmpty();
    }

    private void start(final long limitNs, final String mode) throws IOException
    {
        child = FreezingProcess.start(directory, loop.device(), limitNs, mode);
        says = child.inputReader();
    }

    private String readUntil(final String beginning) throws IOException
    {
        String line = "";
        while (!line.startsWith(beginning))
        {
            line = says.readLine();
            assertThat(line).matches("settle|freeze|frozen|thawing|thawed .*");
        }
        return line;
    }

    /** To the process alone, or to its whole group first. */
    private void signal(final String name) throws IOException
    {
        final String pid = String.valueOf(child.pid());
        if (name.startsWith("TERM"))
        {
            LoopDevice.run(List.of("kill", "-TERM", "--", "-" + pid));
            child.toHandle().destroyForcibly();
        }
        else
        {
            LoopDevice.run(List.of("kill", "-" + name, pid));
        }
    }

    private void assertWritableInTime() throws IOException, InterruptedException
    {
        final long beginNs = System.nanoTime();
        final Process write = loop.write();
        final boolean ended = write.waitFor(PROMISE_NS, TimeUnit.NANOSECONDS);
        assertThat(ended).as("writable within 2 s").isTrue();
        assertThat(write.exitValue()).isZero();
        longestNs = Math.max(longestNs, System.nanoTime() - beginNs);
    }

    private void writeWithoutEnd()
    {
        writer = new Thread(() ->
        {
            final byte[] bytes = new byte[1 << 20];
            while (!enough.get())
            {
                try
                {
                    Files.write(loop.mountPoint().resolve("dirty" + random.split().nextInt(4)), bytes);
                }
                catch (final IOException ex)
                {
                    throw new AssertionError(ex);
                }
            }
        }, "fb-dirty");
        writer.start();
    }

    /** How many markers are left once every watchdog has had its time. */
    private static int leftIn(final Path directory)
    {
        final long deadlineNs = System.nanoTime() + SECONDS.toNanos(5);
        while (directory.toFile().list().length > 0 && System.nanoTime() < deadlineNs)
        {
            Thread.onSpinWait();
        }
        return directory.toFile().list().length;
    }
}
