package io.farblock.blockdev.still;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.bpf.Cleanup;
import io.farblock.blockdev.linux.LoopDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long writers have to wait for a freeze and a thaw, with nothing dirty and while another thread writes 16 KiB at
 * random places of 64 MiB, buffered, a thousand times a second. {@code -Pslow}; prints microseconds.
 */
@Tag("slow")
class FreezeTimesTest
{
    private static final int ROUNDS = 60;
    /** One freeze soon after another finds work done that a single one has to wait for, and would look too fast. */
    private static final long APART_NS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    private Path directory;

    private final Cleanup cleanup = new Cleanup();
    private final AtomicBoolean enough = new AtomicBoolean();
    private FreezableLoop loop;
    private Thread writer;

    @AfterEach
    void cleanUp() throws Exception
    {
        enough.set(true);
        loop.byOthers("-u");
        if (writer != null)
        {
            writer.join();
        }
        cleanup.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void shouldFreezeAndThawInLittleTime(final String type) throws Exception
    {
        loop = cleanup.add(FreezableLoop.on(LoopDevice.create(512 << 20), type));
        final Freezer freezer = cleanup.add(new Freezer(directory, SystemNanoClock.INSTANCE));

        measure(freezer, type + ", nothing dirty", false);
        writer = new Thread(this::load, "fb-load");
        writer.start();
        measure(freezer, type + ", under load, at once", false);
        measure(freezer, type + ", under load, after settling", true);
    }

    private void measure(final Freezer freezer, final String what, final boolean settle) throws IOException
    {
        final List<Path> devices = List.of(loop.device());
        final long[] freezes = new long[ROUNDS];
        final long[] thaws = new long[ROUNDS];
        final long[] pauses = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++)
        {
            LockSupport.parkNanos(APART_NS);
            if (settle)
            {
                freezer.settle(devices);
            }
            final long beginNs = System.nanoTime();
            final Frozen frozen = freezer.freeze(devices, LIMIT_NS);
            final long frozenNs = System.nanoTime();
            assertThat(frozen.thaw()).isTrue();
            freezes[i] = frozenNs - beginNs;
            thaws[i] = System.nanoTime() - frozenNs;
            pauses[i] = frozen.pauseNs();
        }
        System.out.printf("%s (microseconds)%n  freeze()     %s%n  thaw()       %s%n  writers wait %s%n", what,
            words(freezes), words(thaws), words(pauses));
    }

    private static String words(final long[] ns)
    {
        Arrays.sort(ns);
        return "p50 %6d p99 %6d max %6d".formatted(
            ns[ROUNDS / 2] / 1000, ns[ROUNDS * 99 / 100] / 1000, ns[ROUNDS - 1] / 1000);
    }

    private void load()
    {
        final SplittableRandom random = new SplittableRandom(20261121);
        try (FileChannel file = FileChannel.open(loop.mountPoint().resolve("load"), StandardOpenOption.CREATE,
            StandardOpenOption.WRITE))
        {
            long nextNs = System.nanoTime();
            while (!enough.get())
            {
                file.write(ByteBuffer.allocate(16 << 10), 4096L * random.nextInt((64 << 20) / 4096 - 4));
                nextNs += 1_000_000;
                LockSupport.parkNanos(nextNs - System.nanoTime());
            }
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }
}
