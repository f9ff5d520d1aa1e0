package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several volumes, on several disks and on partitions of one, are told apart by one set of programs. */
class SharedProgramsTest
{
    private static final long SIZE_BYTES = 64L << 20;
    /** An odd sector, as old partition tables have: granules of the disk and of the partition then differ. */
    private static final long FIRST_SECTOR = 63;
    private static final long SECTORS = 8192;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private final DirtyMap whole = new DirtyMap(SIZE_BYTES);
    private final DirtyMap part = new DirtyMap(SECTORS * 512);
    private final DirtyMap next = new DirtyMap(SECTORS * 512);
    private TestBpfFileSystem bpffs;
    private LoopDevice loop;

    @BeforeEach
    void mount() throws IOException
    {
        bpffs = cleanup.add(TestBpfFileSystem.mount());
        loop = cleanup.add(LoopDevice.create(SIZE_BYTES, "-P"));
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldTellPartitionsOfADiskApart() throws IOException
    {
        addPartition(1, FIRST_SECTOR);
        addPartition(2, FIRST_SECTOR + SECTORS);
        final BpfTracker ofDisk = open("disk", loop.device());
        final BpfTracker ofPart = open("part", partition(1));
        final BpfTracker ofNext = open("next", partition(2));

        try (LinuxBlockDevice disk = LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared());
            LinuxBlockDevice first = LinuxBlockDevice.open(partition(1), OpenMode.readWrite().shared()))
        {
            new DeviceBytes(first).write(10 * GRANULE_BYTES, pattern(1, GRANULE_BYTES));
            // the last sector of the first partition and the first of the second
            new DeviceBytes(disk).write((FIRST_SECTOR + SECTORS - 1) * 512, pattern(2, 1024));
        }

        harvest(ofDisk, whole);
        harvest(ofPart, part);
        harvest(ofNext, next);
        final long last = SECTORS / 8 - 1;
        assertThat(TrackedLoop.granulesOf(part)).containsExactly(10L, last);
        assertThat(TrackedLoop.granulesOf(next)).containsExactly(0L);
        assertThat(TrackedLoop.granulesOf(whole))
            .containsExactly(FIRST_SECTOR / 8 + 10, FIRST_SECTOR / 8 + 11, (FIRST_SECTOR + SECTORS) / 8);
    }

    @Test
    void shouldTellDisksApartAndGoOnWithoutOneOfThem() throws IOException
    {
        final LoopDevice other = cleanup.add(LoopDevice.create(SIZE_BYTES));
        final BpfTracker one = open("one", loop.device());
        final BpfTracker two = open("two", other.device());
        final long programs = countPins();

        write(loop, 3);
        write(other, 5);

        harvest(one, whole);
        assertThat(TrackedLoop.granulesOf(whole)).containsExactly(3L);
        whole.clear();
        harvest(two, whole);
        assertThat(TrackedLoop.granulesOf(whole)).containsExactly(5L);
        whole.clear();
        one.close();
        BpfTracker.forget(bpffs.pins(), "one");
        assertThat(countPins()).isEqualTo(programs);
        write(other, 6);
        harvest(two, whole);
        assertThat(TrackedLoop.granulesOf(whole)).containsExactly(6L);
    }

    @Test
    void shouldTrackEightVolumesOfADiskAndRefuseTheNinth() throws IOException
    {
        final List<BpfTracker> trackers =
            LongStream.range(0, VolumeWindow.PER_DISK).mapToObj(this::openNumbered).toList();

        write(loop, 7);

        for (final BpfTracker tracker : trackers)
        {
            whole.clear();
            harvest(tracker, whole);
            assertThat(TrackedLoop.granulesOf(whole)).containsExactly(7L);
        }
        assertThatThrownBy(() -> open("one too many", loop.device()))
            .isInstanceOf(BpfException.class).hasMessageContaining("8 tracked volumes on one disk");
    }

    private BpfTracker openNumbered(final long number)
    {
        try
        {
            return open("volume " + number, loop.device());
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private BpfTracker open(final String volume, final Path device) throws IOException
    {
        return cleanup.add(BpfTracker.open(bpffs.pins(), volume, device, () -> 1));
    }

    private long countPins() throws IOException
    {
        try (Stream<Path> pins = Files.list(bpffs.pins().programs(DeviceKind.REQUEST)))
        {
            return pins.count();
        }
    }

    private static void harvest(final BpfTracker tracker, final DirtyMap epoch)
    {
        assertThat(tracker.harvest(epoch)).isZero();
    }

    private static void write(final LoopDevice loop, final long granule) throws IOException
    {
        try (LinuxBlockDevice device = LinuxBlockDevice.open(loop.device(), OpenMode.readWrite().shared()))
        {
            new DeviceBytes(device).write(granule * GRANULE_BYTES, pattern(1, GRANULE_BYTES));
        }
    }

    private void addPartition(final int number, final long first) throws IOException
    {
        LoopDevice.run(List.of("addpart", loop.device().toString(), String.valueOf(number), String.valueOf(first),
            String.valueOf(SECTORS)));
    }

    private Path partition(final int number)
    {
        return Path.of(loop.device() + "p" + number);
    }
}
