package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A device without requests (compressed memory, in place of md and device mapper): other tracepoints, same truth. */
class BioTrackingTest
{
    private static final int SIZE_BYTES = 32 << 20;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private final DirtyMap epoch = new DirtyMap(SIZE_BYTES);
    private BlockDevice device;
    private BpfTracker tracker;

    @BeforeEach
    void attach() throws IOException
    {
        final TestBpfFileSystem bpffs = cleanup.add(TestBpfFileSystem.mount());
        final ZramDevice zram = cleanup.add(ZramDevice.create(SIZE_BYTES));
        device = cleanup.add(LinuxBlockDevice.open(zram.device(), OpenMode.readWrite().shared()));
        tracker = cleanup.add(BpfTracker.open(bpffs.pins(), "zram", zram.device(), () -> 1));
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldHarvestExactlyWhatWasWritten()
    {
        new DeviceBytes(device).write(5 * GRANULE_BYTES, pattern(1, 2 * GRANULE_BYTES));
        device.discard(1000 * GRANULE_BYTES, 200 * GRANULE_BYTES);

        final int result = tracker.harvest(epoch);

        assertThat(result).isZero();
        assertThat(TrackedLoop.granulesOf(epoch)).hasSize(202).startsWith(5L, 6L, 1000L).endsWith(1199L);
        assertThat(tracker.gaps()).extracting(Gap::cause).containsExactly(GapCause.ATTACHED, GapCause.BUSY_ATTACH);
        assertThat(tracker.gaps()).as("nothing was in flight when it was looked at").allMatch(Gap::hasEnded);
    }

    @Test
    void shouldMissNothingWhileWritersRun() throws Exception
    {
        final Replica replica = new Replica(device, AlignedBuffers.allocate(SIZE_BYTES));
        replica.readAll();
        final long seed = 20261203;

        for (int round = 0; round < 5; round++)
        {
            final Writers writers = new Writers();
            writers.start(seed + round, this::write);
            writers.start(~seed - round, this::write);
            while (writers.areBusy())
            {
                harvestInto(replica);
            }
            writers.join();
            harvestInto(replica);
            harvestInto(replica);

            assertThat(replica.mismatch()).as("seed %d, round %d", seed, round).isEqualTo(-1);
        }
    }

    private void harvestInto(final Replica replica) throws IOException
    {
        epoch.clear();
        assertThat(tracker.harvest(epoch)).isZero();
        replica.apply(epoch);
        tracker.sealed();
    }

    private void write(final SplittableRandom random)
    {
        for (int i = 0; i < 400; i++)
        {
            final int granules = 1 + random.nextInt(i % 10 == 0 ? 256 : 16);
            final long offset = random.nextInt(SIZE_BYTES / GRANULE_BYTES - granules) * (long)GRANULE_BYTES;
            if (i % 5 == 0)
            {
                assertThat(device.discard(offset, granules * (long)GRANULE_BYTES)).isZero();
            }
            else
            {
                new DeviceBytes(device).write(offset, pattern(random.nextLong(), granules * GRANULE_BYTES));
            }
        }
    }
}
