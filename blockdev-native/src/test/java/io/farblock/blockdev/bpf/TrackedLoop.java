package io.farblock.blockdev.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A loop device that is tracked with pins in a bpffs of its own, under a clock that stands. One thread. */
final class TrackedLoop
{
    static final String VOLUME = "test volume";

    private final Cleanup cleanup;
    private final TestBpfFileSystem bpffs;
    private final LoopDevice loop;
    private final LinuxBlockDevice device;
    private final DirtyMap epoch;
    private BpfTracker tracker;
    private long nowMs = 1000;

    private TrackedLoop(final Cleanup cleanup, final long sizeBytes) throws IOException
    {
        this.cleanup = cleanup;
        bpffs = cleanup.add(TestBpfFileSystem.mount());
        loop = cleanup.add(LoopDevice.create(sizeBytes));
        device = cleanup.add(LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared()));
        epoch = new DirtyMap(sizeBytes);
    }

    static TrackedLoop create(final Cleanup cleanup, final long sizeBytes) throws IOException
    {
        final TrackedLoop loop = new TrackedLoop(cleanup, sizeBytes);
        loop.open();
        return loop;
    }

    /** Opens another tracker, as the next process would. */
    void open() throws IOException
    {
        tracker = cleanup.add(BpfTracker.open(bpffs.pins(), VOLUME, loop.device(), () -> nowMs));
    }

    void advanceTo(final long timeMs)
    {
        nowMs = timeMs;
    }

    /** The granules of one harvest. */
    List<Long> harvest()
    {
        epoch.clear();
        assertThat(tracker.harvest(epoch)).isZero();
        return granulesOf(epoch);
    }

    static List<Long> granulesOf(final DirtyMap epoch)
    {
        final List<Long> granules = new ArrayList<>();
        for (long granule = epoch.next(0); granule >= 0; granule = epoch.next(granule + 1))
        {
            granules.add(granule);
        }
        return granules;
    }

    BpfTracker tracker()
    {
        return tracker;
    }

    DirtyMap epoch()
    {
        return epoch;
    }

    LinuxBlockDevice device()
    {
        return device;
    }

    DeviceBytes bytes()
    {
        return new DeviceBytes(device);
    }

    LoopDevice loop()
    {
        return loop;
    }

    BpfFileSystem pins() throws IOException
    {
        return bpffs.pins();
    }

    Path mountPoint()
    {
        return bpffs.mountPoint();
    }
}
