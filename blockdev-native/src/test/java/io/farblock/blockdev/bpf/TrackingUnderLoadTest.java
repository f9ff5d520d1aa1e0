package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.linux.LoopDevice;
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

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private TestBpfFileSystem bpffs;
    private LoopDevice loop;
    private TrackedLoad load;

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
        track(64 * MIB);
        final long seed = 20261201;

        for (int round = 0; round < rounds(12); round++)
        {
            load.writeRaw(seed, round);

            assertThat(load.mismatch()).as("seed %d, round %d", seed, round).isEqualTo(-1);
        }
        load.report("raw");
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

        for (int round = 0; round < rounds(6); round++)
        {
            final Writers writers = new Writers();
            for (int i = 0; i < 3; i++)
            {
                final Path file = mount.resolve("file" + i);
                writers.start(seed + 31L * round + i, (random) -> writeFiles(file, random));
            }
            load.harvestWhile(writers);
            LoopDevice.run(List.of("fstrim", mount.toString()));
            LoopDevice.run(List.of("fsfreeze", "-f", mount.toString()));
            try
            {
                load.settle();
                assertThat(load.mismatch()).as("seed %d, round %d", seed, round).isEqualTo(-1);
            }
            finally
            {
                LoopDevice.run(List.of("fsfreeze", "-u", mount.toString()));
            }
        }
        load.report(type);
    }

    private void track(final int sizeBytes) throws IOException
    {
        loop = cleanup.add(LoopDevice.create(sizeBytes));
        load = new TrackedLoad(cleanup, bpffs.pins(), loop.device());
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
