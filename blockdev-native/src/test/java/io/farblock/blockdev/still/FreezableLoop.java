package io.farblock.blockdev.still;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.LoopDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A mounted loop device that a test may freeze. Closing thaws it before it unmounts, so that no failed test leaves a
 * frozen one. Needs root; skips as {@link LoopDevice} does. One thread.
 */
final class FreezableLoop implements AutoCloseable
{
    private final LoopDevice loop;
    private final Path mountPoint;
    private final List<Process> writes = new ArrayList<>();

    private FreezableLoop(final LoopDevice loop, final Path mountPoint)
    {
        this.loop = loop;
        this.mountPoint = mountPoint;
    }

    static FreezableLoop create(final String type) throws IOException
    {
        // the smallest that mkfs of each type makes
        return on(LoopDevice.create(("xfs".equals(type) ? 320L : "btrfs".equals(type) ? 128 : 32) << 20), type);
    }

    /** Takes the loop device over. */
    static FreezableLoop on(final LoopDevice loop, final String type) throws IOException
    {
        try
        {
            return new FreezableLoop(loop, loop.mount(type));
        }
        catch (final IOException | RuntimeException ex)
        {
            loop.close();
            throw ex;
        }
    }

    Path device()
    {
        return loop.device();
    }

    Path image()
    {
        return loop.file();
    }

    Path mountPoint()
    {
        return mountPoint;
    }

    /** Freezes or thaws it as somebody else would; whether that could be done. */
    boolean byOthers(final String option)
    {
        try
        {
            LoopDevice.run(List.of("fsfreeze", option, mountPoint.toString()));
            return true;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /** A write by another process, which waits as long as it is frozen. */
    Process write() throws IOException
    {
        final Process write = new ProcessBuilder("dd", "if=/dev/zero", "of=" + mountPoint.resolve("written"), "bs=4k",
            "count=1", "conv=fsync").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        writes.add(write);
        return write;
    }

    void assertWritable() throws IOException, InterruptedException
    {
        assertEnds(write());
    }

    static void assertEnds(final Process write) throws InterruptedException
    {
        assertThat(write.waitFor(10, TimeUnit.SECONDS)).as("the write ended").isTrue();
        assertThat(write.exitValue()).isZero();
    }

    /** Waits until it sleeps in the kernel and nothing can interrupt it: state D, in the third field. */
    static void awaitBlocked(final Process write) throws IOException
    {
        final Path stat = Path.of("/proc/" + write.pid() + "/stat");
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String state = "";
        while (!"D".equals(state))
        {
            assertThat(write.isAlive()).as("the write waits").isTrue();
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            final String line = Files.readString(stat);
            state = line.substring(line.lastIndexOf(')') + 2).split(" ")[0];
        }
    }

    /** Whether a write is still waiting after half a second: that nobody thaws cannot be waited for otherwise. */
    boolean staysFrozen() throws IOException, InterruptedException
    {
        final Process write = write();
        awaitBlocked(write);
        return !write.waitFor(500, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException
    {
        byOthers("-u");
        // one that waited until now still holds a file open
        for (final Process write : writes)
        {
            write.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
        loop.close();
    }
}
