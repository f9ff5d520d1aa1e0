package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Several writers at once, harvested all the time: a copy that is made only from what was harvested must equal the
 * device after each round. {@code -Drounds=200} makes it long; false positives are printed.
 */
class TrackingUnderLoadTest
{
    private static final int MIB = 1024 * 1024;
    private static final int REGION_BYTES = 16 * MIB;
    /** A stale entry of the table is harvested for ever; so the last harvests need not be empty. */
    private static final int LAST_HARVESTS = 20;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private TestBpfFileSystem bpffs;
    private LoopDevice loop;
    private BlockDevice reader;
    private BpfTracker tracker;
    private Replica replica;
    private DirtyMap epoch;
    private long harvests;

    @BeforeEach
    void mountBpf() throws IOException
    {
        bpffs = cleanup.add(TestBpfFileSystem.mount());
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldMissNothingOnARawDevice() throws Exception
    {
        track(4 * REGION_BYTES);
        final BlockDevice direct =
            cleanup.add(LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared()));
        final BlockDevice buffered =
            cleanup.add(LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared().buffered()));
        final long seed = 20261201;
        replica.readAll();

        for (int round = 0; round < rounds(12); round++)
        {
            final Writers writers = new Writers();
            writers.start(seed + round, (random) -> write(direct, random, 0, 512));
            writers.start(~seed + round, (random) -> write(direct, random, 1, 512));
            writers.start(seed - round, (random) -> write(buffered, random, 2, 1));
            writers.start(~seed - round, (random) -> punch(direct, random, 3));
            harvestWhile(writers);
            settle();

            assertThat(replica.mismatch()).as("seed %d, round %d", seed, round).isEqualTo(-1);
        }
        report("raw");
    }

    @Test
    void shouldMissNothingBelowExt4() throws Exception
    {
        throughFileSystem("ext4", 64 * MIB);
    }

    @Test
    void shouldMissNothingBelowXfs() throws Exception
    {
        throughFileSystem("xfs", 320 * MIB);
    }

    private void throughFileSystem(final String type, final int sizeBytes) throws Exception
    {
        track(sizeBytes);
        final Path mount = loop.mount(type);
        final long seed = 20261202;
        replica.readAll();

        for (int round = 0; round < rounds(6); round++)
        {
            final Writers writers = new Writers();
            for (int i = 0; i < 3; i++)
            {
                final Path file = mount.resolve("file" + i);
                writers.start(seed + 31L * round + i, (random) -> writeFiles(file, random));
            }
            harvestWhile(writers);
            LoopDevice.run(List.of("fstrim", mount.toString()));
            LoopDevice.run(List.of("fsfreeze", "-f", mount.toString()));
            try
            {
                settle();
                assertThat(replica.mismatch()).as("seed %d, round %d", seed, round).isEqualTo(-1);
            }
            finally
            {
                LoopDevice.run(List.of("fsfreeze", "-u", mount.toString()));
            }
        }
        report(type);
    }

    private void track(final int sizeBytes) throws IOException
    {
        loop = cleanup.add(LoopDevice.create(sizeBytes));
        reader = cleanup.add(LinuxBlockDevice.open(loop.device(), OpenMode.readOnly()));
        tracker = cleanup.add(BpfTracker.open(bpffs.pins(), "load", loop.device(), () -> 1));
        replica = new Replica(reader, AlignedBuffers.allocate(sizeBytes));
        epoch = new DirtyMap(sizeBytes);
    }

    private void harvestWhile(final Writers writers) throws Exception
    {
        while (writers.areBusy())
        {
            harvest();
        }
        writers.join();
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

    private void settle() throws IOException
    {
        for (int i = 0; i < LAST_HARVESTS && !harvest(); i++)
        {
            assertThat(tracker.gaps()).allMatch((gap) -> gap.cause() == GapCause.ATTACHED);
        }
    }

    private void report(final String what)
    {
        System.out.printf("%s: nothing missed in %d harvests of %d granules; %.1f %% of them had not changed%n", what,
            harvests, replica.harvested(), 100.0 * replica.unchanged() / replica.harvested());
    }

    private static void write(final BlockDevice device, final SplittableRandom random, final int region,
        final int alignment)
    {
        for (int i = 0; i < 150; i++)
        {
            final int units = 1 + random.nextInt((i % 10 == 0 ? 1024 * 1024 : 32 * 1024) / alignment);
            final long offset = random.nextInt(REGION_BYTES / alignment - units) * (long)alignment;
            final int length = units * alignment;
            new DeviceBytes(device).write(region * (long)REGION_BYTES + offset, pattern(random.nextLong(), length));
            if (i % 10 == 0)
            {
                device.flush();
            }
        }
        assertThat(device.flush()).isZero();
    }

    private static void punch(final BlockDevice device, final SplittableRandom random, final int region)
    {
        final long start = region * (long)REGION_BYTES;
        for (int i = 0; i < 150; i++)
        {
            final int granules = 1 + random.nextInt(200);
            final long offset = start + random.nextInt(REGION_BYTES / 4096 - granules) * 4096L;
            final int result = switch (random.nextInt(3))
            {
                case 0 -> device.discard(offset, granules * 4096L);
                case 1 -> device.zero(offset, granules * 4096L);
                default -> Math.min(0, new DeviceBytes(device).tryWrite(offset, pattern(i, granules * 4096)));
            };
            assertThat(result).isZero();
        }
    }

    private static void writeFiles(final Path file, final SplittableRandom random) throws IOException
    {
        for (int i = 0; i < 60; i++)
        {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
            {
                channel.write(ByteBuffer.wrap(pattern(random.nextLong(), 1 + random.nextInt(200_000))),
                    random.nextInt(4 * MIB));
                if (i % 3 == 0)
                {
                    channel.force(i % 2 == 0);
                }
                if (i % 7 == 0)
                {
                    channel.truncate(random.nextInt(2 * MIB));
                }
            }
            if (i % 20 == 19)
            {
                Files.delete(file);
            }
        }
    }

    private static int rounds(final int normally)
    {
        final String rounds = System.getProperty("rounds", "");
        return rounds.isEmpty() ? normally : Integer.parseInt(rounds);
    }
}
