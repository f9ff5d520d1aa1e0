package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A write that takes long: harvested, read too early, and landed only then. The loop device under test lies on a file
 * system that is frozen, so the write is in flight for as long as the test likes.
 */
class InFlightTest
{
    private static final long SIZE_BYTES = 16L << 20;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private final DirtyMap epoch = new DirtyMap(SIZE_BYTES);
    private TestBpfFileSystem bpffs;
    private Path lower;
    private LoopDevice upper;
    private LinuxBlockDevice device;
    private boolean frozen;

    @BeforeEach
    void stack() throws IOException
    {
        bpffs = cleanup.add(TestBpfFileSystem.mount());
        lower = cleanup.add(LoopDevice.create(4 * SIZE_BYTES)).mount("ext4");
        final Path file = lower.resolve("upper.img");
        LoopDevice.run(List.of("truncate", "-s", String.valueOf(SIZE_BYTES), file.toString()));
        upper = cleanup.add(LoopDevice.attach(file));
        device = cleanup.add(LinuxBlockDevice.open(upper.device(), OpenMode.readWrite().shared()));
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        thaw();
        cleanup.run();
    }

    @Test
    void shouldNameAWriteAgainThatLandedAfterItWasHarvestedAndRead() throws Exception
    {
        final BpfTracker tracker = open();
        final Writers writers = freezeAndWrite(5);
        awaitGranule(tracker, 5);

        final List<Long> whileInFlight = harvest(tracker);
        // from the file below, since the device itself does one thing after the other
        final byte[] tooEarly = Files.readAllBytes(upper.file());
        thaw();
        writers.join();

        assertThat(whileInFlight).contains(5L);
        assertThat(tooEarly).as("nothing has landed").containsOnly(0);
        assertThat(harvest(tracker)).contains(5L);
        assertThat(new DeviceBytes(device).read(5 * GRANULE_BYTES, GRANULE_BYTES))
            .isEqualTo(pattern(5, GRANULE_BYTES));
        assertThat(harvest(tracker)).isEmpty();
    }

    /** Only the mark at its end can tell of a write that began before us. */
    @Test
    void shouldSeeAWriteThatBeganBeforeTracking() throws Exception
    {
        final Writers writers = freezeAndWrite(6);
        awaitInFlight();
        final BpfTracker tracker = open();
        final List<Long> before = harvest(tracker);

        thaw();
        writers.join();

        assertThat(before).isEmpty();
        assertThat(harvest(tracker)).containsExactly(6L);
    }

    /** The table outlives the process as the marks do. */
    @Test
    void shouldNameAWriteInFlightAgainAfterTheProcessDied() throws Exception
    {
        final BpfTracker first = open();
        final Writers writers = freezeAndWrite(7);
        awaitGranule(first, 7);
        first.sealed();
        first.close();

        final BpfTracker second = open();
        final List<Long> whileInFlight = harvest(second);
        second.sealed();
        thaw();
        writers.join();

        assertThat(whileInFlight).contains(7L);
        assertThat(harvest(second)).contains(7L);
    }

    private BpfTracker open() throws IOException
    {
        return cleanup.add(BpfTracker.open(bpffs.pins(), "slow", upper.device(), () -> 1));
    }

    private Writers freezeAndWrite(final long granule) throws IOException
    {
        LoopDevice.run(List.of("fsfreeze", "-f", lower.toString()));
        frozen = true;
        final Writers writers = new Writers();
        writers.start(1, (random) -> new DeviceBytes(device).write(granule * GRANULE_BYTES,
            pattern(granule, GRANULE_BYTES)));
        return writers;
    }

    private void thaw() throws IOException
    {
        if (frozen)
        {
            LoopDevice.run(List.of("fsfreeze", "-u", lower.toString()));
            frozen = false;
        }
    }

    private void awaitInFlight() throws IOException
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (TrackedDevice.of(upper.device()).writesInFlight() == 0)
        {
            assertThat(System.nanoTime()).as("a write in flight in time").isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }

    private void awaitGranule(final BpfTracker tracker, final long granule)
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!harvest(tracker).contains(granule))
        {
            assertThat(System.nanoTime()).as("a mark in time").isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }

    private List<Long> harvest(final BpfTracker tracker)
    {
        epoch.clear();
        assertThat(tracker.harvest(epoch)).isZero();
        return TrackedLoop.granulesOf(epoch);
    }
}
