package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.raidsim.DiskFault;
import io.farblock.replication.Storage;
import io.farblock.replication.TestStorage;
import io.farblock.replication.marks.FakeBoot;
import io.farblock.replication.marks.FakeMarks;
import io.farblock.replication.marks.VolumeMarks;
import io.farblock.replication.merkle.TreeException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where the target was found to differ is marked though nobody wrote there: those marks are on disk before the table
 * is, which would hide the difference, or a power cut in between loses them for good.
 */
class AdoptedMarksTest
{
    private static final long SIZE_BYTES = 1 << 20;
    private static final int BLOCK = 65536;
    private static final Path DEVICE = Path.of("/volume");

    @TempDir
    private Path directory;
    private final TestStorage disks = new TestStorage();
    private final FakeMarks marks = new FakeMarks(SIZE_BYTES);

    @Test
    void shouldHaveMarksOnDiskBeforeTheTableHidesTheDifference() throws Exception
    {
        final Storage storage = new Tracked();
        disks.disk(DEVICE, SIZE_BYTES);
        final SourceVolume volume =
            new SourceVolume(new SourceConfig.Volume("v", DEVICE, BLOCK, Tracking.BPF), directory, storage);
        volume.track();
        volume.open();
        volume.epochMap().mark(3 * BLOCK, BLOCK);
        marks.pending.set(3);
        disks.disks.get(directory.resolve("table")).inject(new DiskFault.FailingFlush(1));
        assertThatThrownBy(() -> volume.adopted(5)).isInstanceOf(TreeException.class);
        volume.close();

        final FakeMarks afterBoot = FakeMarks.booted(SIZE_BYTES);
        new VolumeMarks(storage, directory, directory.toAbsolutePath().toString(), DEVICE).follow(afterBoot).close();

        assertThat(afterBoot.live.get(3)).isTrue();
    }

    /** The disks of the test, and a tracker that is the test's. */
    private final class Tracked implements Storage
    {
        private final FakeBoot boot = new FakeBoot();

        @Override
        public DirtyTracker openTracker(final String name, final Path device)
        {
            return marks;
        }

        @Override
        public BootLook bootLook()
        {
            return boot;
        }

        @Override
        public BlockDevice openSource(final Path device) throws IOException
        {
            return disks.openSource(device);
        }

        @Override
        public BlockDevice openReplica(final Path device, final long sizeBytes) throws IOException
        {
            return disks.openReplica(device, sizeBytes);
        }

        @Override
        public boolean isMissing(final Path device)
        {
            return disks.isMissing(device);
        }

        @Override
        public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh) throws IOException
        {
            return disks.openTable(file, sizeBytes, fresh);
        }
    }
}
