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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One volume on a whole loop device: what is marked, taken, given back, and found again by the next tracker. */
class BpfTrackerTest
{
    private static final long SIZE_BYTES = 1L << 30;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final DirtyMap epoch = new DirtyMap(SIZE_BYTES);
    private final Cleanup cleanup = new Cleanup();
    private TestBpfFileSystem bpffs;
    private LoopDevice loop;
    private LinuxBlockDevice device;
    private BpfTracker tracker;
    private long nowMs = 1000;

    @BeforeEach
    void attach() throws IOException
    {
        bpffs = cleanup.add(TestBpfFileSystem.mount());
        loop = cleanup.add(LoopDevice.create(SIZE_BYTES));
        device = cleanup.add(LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared()));
        tracker = open();
    }

    @AfterEach
    void detach() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldHarvestExactlyWhatWasWritten()
    {
        new DeviceBytes(device).write(5 * GRANULE_BYTES, pattern(1, 2 * GRANULE_BYTES));
        new DeviceBytes(device).write(SIZE_BYTES - 512, pattern(1, 512));
        device.discard(1000 * GRANULE_BYTES, 3 * GRANULE_BYTES);
        device.zero(2000 * GRANULE_BYTES, GRANULE_BYTES);

        final int result = tracker.harvest(epoch);

        assertThat(result).isZero();
        assertThat(granules()).containsExactly(5L, 6L, 1000L, 1001L, 1002L, 2000L, SIZE_BYTES / GRANULE_BYTES - 1);
    }

    private BpfTracker open() throws IOException
    {
        return cleanup.add(BpfTracker.open(bpffs.pins(), "test", loop.device(), () -> nowMs));
    }

    private List<Long> granules()
    {
        final List<Long> found = new ArrayList<>();
        for (long granule = epoch.next(0); granule >= 0; granule = epoch.next(granule + 1))
        {
            found.add(granule);
        }
        return found;
    }
}
