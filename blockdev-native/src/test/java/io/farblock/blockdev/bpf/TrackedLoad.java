package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A device that is tracked while several threads write to it, and a copy that is made only from what was harvested: any
 * write that the tracker misses is a difference in the end. Harvests on the thread that made it; what it opens is
 * closed by the {@link Cleanup} that it was given.
 */
final class TrackedLoad
{
    /** A stale entry of the table is harvested for ever; so the last harvests need not be empty. */
    private static final int LAST_HARVESTS = 20;
    private static final int REGIONS = 4;

    private final Path device;
    private final BpfTracker tracker;
    private final Replica replica;
    private final DirtyMap epoch;
    private final int regionBytes;
    private long harvests;

    TrackedLoad(final Cleanup cleanup, final BpfFileSystem pins, final Path device) throws IOException
    {
        this.device = device;
        final BlockDevice reader = cleanup.add(LinuxBlockDevice.open(device, OpenMode.readOnly()));
        tracker = cleanup.add(BpfTracker.open(pins, "load", device, () -> 1));
        final int sizeBytes = Math.toIntExact(reader.geometry().sizeBytes());
        // whole MiB, so that regions begin at a granule whatever the size of the device is
        regionBytes = sizeBytes / REGIONS >> 20 << 20;
        replica = new Replica(reader, AlignedBuffers.allocate(sizeBytes));
        epoch = new DirtyMap(sizeBytes);
        replica.readAll();
    }

    /** Direct, buffered and discarding writers at once, raw on the device, until all are done and harvested. */
    void writeRaw(final long seed, final int round) throws Exception
    {
        try (BlockDevice direct = LinuxBlockDevice.open(device, OpenMode.readWrite().shared());
            BlockDevice buffered = LinuxBlockDevice.open(device, OpenMode.readWrite().shared().buffered()))
        {
            final Writers writers = new Writers();
            writers.start(seed + round, (random) -> write(direct, random, 0, 512));
            writers.start(~seed + round, (random) -> write(direct, random, 1, 512));
            writers.start(seed - round, (random) -> write(buffered, random, 2, 1));
            writers.start(~seed - round, (random) -> punch(direct, random, 3));
            harvestWhile(writers);
        }
        settle();
    }

    void harvestWhile(final Writers writers) throws Exception
    {
        while (writers.areBusy())
        {
            harvest();
        }
        writers.join();
    }

    /** Harvests what is left after the last write; nothing may have been skipped. */
    void settle() throws IOException
    {
        for (int i = 0; i < LAST_HARVESTS && !harvest(); i++)
        {
            assertThat(tracker.gaps()).allMatch(TrackedLoad::isOfTheAttach);
        }
    }

    /** The first byte of the copy that differs from the device, or -1. */
    long mismatch() throws IOException
    {
        return replica.mismatch();
    }

    void report(final String what)
    {
        System.out.printf("%s: nothing missed in %d harvests of %d granules; %.1f %% of them had not changed%n", what,
            harvests, replica.harvested(), 100.0 * replica.unchanged() / replica.harvested());
    }

    private boolean harvest() throws IOException
    {
        assertThat(tracker.harvest(epoch)).isZero();
        final boolean empty = epoch.next(0) < 0;
        replica.apply(epoch);
        tracker.sealed();
        epoch.clear();
        harvests++;
        return empty;
    }

    /** On devices without requests what was in flight then is waited for. */
    private static boolean isOfTheAttach(final Gap gap)
    {
        return gap.cause() == GapCause.ATTACHED || gap.cause() == GapCause.BUSY_ATTACH && gap.hasEnded();
    }

    private void write(final BlockDevice device, final SplittableRandom random, final int region, final int alignment)
    {
        for (int i = 0; i < 150; i++)
        {
            final int units = 1 + random.nextInt((i % 10 == 0 ? 1024 * 1024 : 32 * 1024) / alignment);
            final long offset = random.nextInt(regionBytes / alignment - units) * (long)alignment;
            final int length = units * alignment;
            new DeviceBytes(device).write(region * (long)regionBytes + offset, pattern(random.nextLong(), length));
            if (i % 10 == 0)
            {
                device.flush();
            }
        }
        assertThat(device.flush()).isZero();
    }

    private void punch(final BlockDevice device, final SplittableRandom random, final int region)
    {
        final long start = region * (long)regionBytes;
        for (int i = 0; i < 150; i++)
        {
            final int granules = 1 + random.nextInt(200);
            final long offset = start + random.nextInt(regionBytes / 4096 - granules) * 4096L;
            final int result = switch (random.nextInt(3))
            {
                case 0 -> device.discard(offset, granules * 4096L);
                case 1 -> device.zero(offset, granules * 4096L);
                default -> Math.min(0, new DeviceBytes(device).tryWrite(offset, pattern(i, granules * 4096)));
            };
            assertThat(result).isZero();
        }
    }
}
