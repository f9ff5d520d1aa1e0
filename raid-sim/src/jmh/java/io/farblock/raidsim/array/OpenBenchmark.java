package io.farblock.raidsim.array;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.blockdev.raid.RaidLevel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take until an array of twelve disks, sparse files of so many GiB, can be read? In a JVM that was
 * just started. If it grew with their size, or took more than a second at 10 TiB, something would be read or allocated
 * in proportion that must not be.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(5)
public class OpenBenchmark
{
    private static final int DISKS = 12;

    @Param({"1", "10240"})
    private long gib;

    private Path directory;
    private RaidArray opened;

    @Setup(Level.Trial)
    public void create() throws IOException
    {
        directory = Files.createTempDirectory("open-array");
        final long size = gib << 30;
        for (int i = 0; i < DISKS; i++)
        {
            try (RandomAccessFile file = new RandomAccessFile(file(i).toFile(), "rw"))
            {
                file.setLength(size);
            }
        }
        Assembly.create(ArrayShape.of(RaidLevel.RAID6).withBitmapFor(size, DISKS), "open", new UUID(1, 2), DISKS,
            disks(), ArrayOptions.of(() -> 0)).close();
    }

    private Path file(final int disk)
    {
        return directory.resolve("disk" + disk);
    }

    private List<BlockDevice> disks() throws IOException
    {
        final List<BlockDevice> disks = new ArrayList<>();
        for (int i = 0; i < DISKS; i++)
        {
            disks.add(LinuxBlockDevice.open(file(i), OpenMode.READ_WRITE));
        }
        return disks;
    }

    @Benchmark
    public int open() throws IOException
    {
        opened = Assembly.open(disks(), ArrayOptions.of(() -> 0));
        return opened.read(0, AlignedBuffers.allocate(4096), 0, 4096);
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException
    {
        opened.close();
        for (int i = 0; i < DISKS; i++)
        {
            Files.delete(file(i));
        }
        Files.delete(directory);
    }
}
