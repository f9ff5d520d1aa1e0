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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the copies of a program do for each other. A copy that the kernel skips is played by one that does nothing, in
 * its place; so each skips always, which the kernel never does.
 */
class CopiesTest
{
    private static final int SIZE_BYTES = 32 << 20;
    private static final long GRANULE = 9;
    /** More than a loop device or a slab has requests or bios to choose from, so that each is used again. */
    private static final int WRITES = 300;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private final DirtyMap epoch = new DirtyMap(SIZE_BYTES);
    private TestBpfFileSystem bpffs;
    private Path node;
    private LinuxBlockDevice device;
    private DeviceKind kind;
    private BpfTracker tracker;

    @BeforeEach
    void mount() throws IOException
    {
        bpffs = cleanup.add(TestBpfFileSystem.mount());
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldSeeAWriteToALoopDeviceWithAnyOneCopy() throws IOException
    {
        openLoop();
        eachCopyAlone();
    }

    @Test
    void shouldSeeAWriteToZramWithAnyOneCopy() throws IOException
    {
        openZram();
        eachCopyAlone();
    }

    @Test
    void shouldMarkWithTheFirstEndWhatNoBeginSaw() throws IOException
    {
        endAlone(0);
    }

    @Test
    void shouldMarkWithTheSecondEndWhatNeitherTheFirstNorABeginSaw() throws IOException
    {
        endAlone(1);
    }

    /** Entries of writes whose end nobody saw are taken for this one's: which is well, since they are harvested. */
    @Test
    void shouldSeeAWriteThatFindsItsEntryLeftBehindOnALoopDevice() throws IOException
    {
        openLoop();
        afterLostEnds();
    }

    @Test
    void shouldSeeAWriteThatFindsItsEntryLeftBehindOnZram() throws IOException
    {
        openZram();
        afterLostEnds();
    }

    @Test
    void shouldTellMostOtherDisksByTheFilterAndCountThemDown() throws IOException
    {
        openLoop();
        assertThat(filtered()).isEqualTo(1);
        final BpfTracker again = cleanup.add(BpfTracker.open(bpffs.pins(), "again", node, () -> 1));
        assertThat(filtered()).as("two volumes of one disk").isEqualTo(1);
        BpfTracker.forget(bpffs.pins(), "copies");
        assertThat(filtered()).isEqualTo(1);

        final LoopDevice other = cleanup.add(LoopDevice.create(SIZE_BYTES));
        cleanup.add(BpfTracker.open(bpffs.pins(), "other", other.device(), () -> 1));
        assertThat(filtered()).isEqualTo(2);
        again.close();
        BpfTracker.forget(bpffs.pins(), "again");
        assertThat(filtered()).isEqualTo(1);
    }

    private void eachCopyAlone() throws IOException
    {
        for (int begin = 0; begin < kind.begin().copies(); begin++)
        {
            for (int end = 0; end < kind.end().copies(); end++)
            {
                restart(begin, end);
                boolean everyEndRan = true;
                for (int i = 0; i < 20; i++)
                {
                    everyEndRan &= writeRunningTheEnd(end);
                    assertThat(harvest()).as("begin %d, end %d, write %d", begin, end, i).containsExactly(GRANULE);
                }
                final List<Long> inFlight = harvest();
                if (everyEndRan)
                {
                    assertThat(inFlight).as("in flight after begin %d, end %d", begin, end).isEmpty();
                }
            }
        }
    }

    /** Each request has an entry, of a write that has ended and was the same: none may be taken for this one's. */
    private void endAlone(final int copy) throws IOException
    {
        openLoop();
        writeAndHarvest();
        restart(kind.begin().copies(), copy);

        int seen = 0;
        for (int i = 0; i < WRITES; i++)
        {
            final boolean ran = writeRunningTheEnd(copy);
            final List<Long> marked = harvest();
            if (ran)
            {
                assertThat(marked).as("write %d", i).containsExactly(GRANULE);
                seen++;
            }
        }
        assertThat(seen).as("writes whose end ran a program").isGreaterThan(WRITES / 2);
    }

    private void afterLostEnds() throws IOException
    {
        for (int begin = 1; begin < kind.begin().copies(); begin++)
        {
            restart(-1, kind.end().copies());
            writeAndHarvest();
            restart(begin, -1);

            for (int i = 0; i < WRITES; i++)
            {
                write();
                assertThat(harvest()).as("begun with copy %d alone, write %d", begin, i).containsExactly(GRANULE);
            }
        }
    }

    /** Writes; whether the kernel ran that copy of the end for it. */
    private boolean writeRunningTheEnd(final int copy) throws IOException
    {
        try (ProgramRuns runs = new ProgramRuns(bpffs.pins().programs(kind).resolve(kind.end().shortName() + copy)))
        {
            final long before = runs.count();
            write();
            return runs.count() > before;
        }
    }

    private void writeAndHarvest()
    {
        for (int i = 0; i < WRITES; i++)
        {
            write();
        }
        harvest();
        harvest();
    }

    private void openLoop() throws IOException
    {
        open(cleanup.add(LoopDevice.create(SIZE_BYTES)).device());
    }

    private void openZram() throws IOException
    {
        open(cleanup.add(ZramDevice.create(SIZE_BYTES)).device());
    }

    private void open(final Path device) throws IOException
    {
        node = device;
        kind = TrackedDevice.of(device).kind();
        this.device = cleanup.add(LinuxBlockDevice.open(device, OpenMode.readWrite().shared()));
        openTracker();
    }

    private void openTracker() throws IOException
    {
        tracker = cleanup.add(BpfTracker.open(bpffs.pins(), "copies", node, () -> 1));
    }

    /** Goes on with one copy of each event alone; with all for a negative number, with none for one too high. */
    private void restart(final int begin, final int end) throws IOException
    {
        // who holds the attachments keeps the programs running
        tracker.close();
        only(kind.begin(), begin);
        only(kind.end(), end);
        openTracker();
        assertThat(tracker.takenOver()).isTrue();
    }

    private void only(final BlockEvent event, final int alone) throws IOException
    {
        final Path directory = bpffs.pins().programs(kind);
        for (int copy = 0; copy < event.copies(); copy++)
        {
            final String name = event.shortName() + copy;
            final Path attachment = directory.resolve(name + "_link");
            Files.delete(attachment);
            final boolean runs = alone < 0 || alone == copy;
            try (BpfProgram program = runs ? BpfProgram.open(directory.resolve(name)) : EmptyProgram.load(event))
            {
                Pins.pinAndClose(program.attach(), attachment);
            }
        }
    }

    /** How many disks the filter counts. */
    private long filtered() throws IOException
    {
        long disks = 0;
        try (TrackingMaps maps = TrackingMaps.open(bpffs.pins().programs(kind));
            MappedWords words = MappedWords.map(maps.filter(), TrackingMaps.BUCKETS))
        {
            for (int i = 0; i < TrackingMaps.BUCKETS; i++)
            {
                disks += words.get(i);
            }
        }
        return disks;
    }

    private void write()
    {
        new DeviceBytes(device).write(GRANULE * GRANULE_BYTES, pattern(1, GRANULE_BYTES));
    }

    private List<Long> harvest()
    {
        epoch.clear();
        assertThat(tracker.harvest(epoch)).isZero();
        tracker.sealed();
        return TrackedLoop.granulesOf(epoch);
    }
}
