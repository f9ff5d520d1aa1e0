package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process that harvests, copies and seals without end is killed at any instant, while others write. Whoever takes
 * over finds all that is missing in the copy, without a full read. {@code -Drounds=100} makes it long.
 */
class KilledTrackerTest
{
    private static final int SIZE_BYTES = 32 << 20;
    /** The rest is never written, and so need never be read. */
    private static final int WRITTEN_BYTES = SIZE_BYTES / 2;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final Writers writers = new Writers();

    @AfterEach
    void cleanUp() throws Exception
    {
        enough.set(true);
        writers.join();
        cleanup.run();
    }

    @Test
    void shouldLoseNothingWhenItIsKilled() throws Exception
    {
        final TestBpfFileSystem bpffs = cleanup.add(TestBpfFileSystem.mount());
        final LoopDevice loop = cleanup.add(LoopDevice.create(SIZE_BYTES));
        final Path copy = Files.createTempFile("farblock-copy", ".img");
        cleanup.add(() -> Files.delete(copy));
        LoopDevice.run(List.of("truncate", "-s", String.valueOf(SIZE_BYTES), copy.toString()));
        final LinuxBlockDevice device =
            cleanup.add(LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared()));
        final String rounds = System.getProperty("rounds", "");
        final SplittableRandom random = new SplittableRandom(20261204);
        BpfTracker.open(bpffs.pins(), "killed", loop.device(), () -> 1).close();
        writers.start(1, (mine) -> writeOn(device, mine));

        for (int round = 0; round < (rounds.isEmpty() ? 3 : Integer.parseInt(rounds)); round++)
        {
            killAfter(start(bpffs.mountPoint(), loop.device(), copy), 1 + random.nextInt(30));
        }

        enough.set(true);
        writers.join();
        try (BpfTracker tracker = BpfTracker.open(bpffs.pins(), "killed", loop.device(), () -> 2);
            FileChannel channel = FileChannel.open(copy, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final Replica replica = new Replica(device, channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE_BYTES));
            assertThat(tracker.takenOver()).isTrue();
            final DirtyMap epoch = new DirtyMap(SIZE_BYTES);
            tracker.harvest(epoch);
            assertThat(epoch.next(WRITTEN_BYTES / DirtyMap.GRANULE_BYTES)).as("no full read").isEqualTo(-1);
            replica.apply(epoch);
            assertThat(replica.mismatch()).isEqualTo(-1);
            assertThat(tracker.gaps()).extracting(Gap::cause).containsExactly(GapCause.ATTACHED);
        }
    }

    /** The process: says a line for each epoch that it has sealed. */
    public static void main(final String[] args) throws IOException
    {
        try (LinuxBlockDevice device = LinuxBlockDevice.open(Path.of(args[1]), OpenMode.readOnly());
            BpfTracker tracker = BpfTracker.open(BpfFileSystem.at(Path.of(args[0])), "killed", Path.of(args[1]),
                () -> 1);
            FileChannel channel =
                FileChannel.open(Path.of(args[2]), StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final Replica replica = new Replica(device, channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE_BYTES));
            final DirtyMap epoch = new DirtyMap(SIZE_BYTES);
            while (tracker.takenOver())
            {
                tracker.harvest(epoch);
                replica.apply(epoch);
                tracker.sealed();
                epoch.clear();
                System.out.println("sealed");
            }
        }
    }

    private static Process start(final Path bpffs, final Path device, final Path copy) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KilledTrackerTest.class.getName(),
            bpffs.toString(), device.toString(), copy.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void killAfter(final Process process, final int lines) throws IOException, InterruptedException
    {
        try (var output = process.inputReader())
        {
            for (int i = 0; i < lines; i++)
            {
                assertThat(output.readLine()).isEqualTo("sealed");
            }
        }
        finally
        {
            process.destroyForcibly();
            assertThat(process.waitFor(20, SECONDS)).isTrue();
        }
    }

    private void writeOn(final LinuxBlockDevice device, final SplittableRandom random)
    {
        while (!enough.get())
        {
            final int length = 512 * (1 + random.nextInt(64));
            new DeviceBytes(device).write(512L * random.nextInt(WRITTEN_BYTES / 512 - 64),
                pattern(random.nextLong(), length));
        }
    }
}
