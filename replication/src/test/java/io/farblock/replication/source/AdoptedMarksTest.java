package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.raidsim.disk.DiskFault;
import io.farblock.replication.Storage;
import io.farblock.replication.TestStorage;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.marks.FakeMarks;
import io.farblock.replication.marks.KeepGuard;
import io.farblock.replication.marks.VolumeMarks;
import io.farblock.replication.merkle.TreeException;
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
        final Storage storage = new MarkedStorage(disks, marks, KeepGuard.NOBODY);
        disks.disk(DEVICE, SIZE_BYTES);
        final SourceVolume volume =
            new SourceVolume(new SourceConfig.Volume("v", DEVICE, BLOCK, Tracking.BPF), directory, storage);
        volume.track();
        volume.open();
        volume.epochMap().mark(3 * BLOCK, BLOCK);
        marks.pending.set(3);
        disks.disks.get(directory.resolve("table")).inject(new DiskFault.FailingFlush(1));
        assertThatThrownBy(() -> volume.adopted(5, Consistency.FUZZY)).isInstanceOf(TreeException.class);
        volume.close();

        final FakeMarks afterBoot = FakeMarks.booted(SIZE_BYTES);
        new VolumeMarks(storage, directory, directory.toAbsolutePath().toString(), DEVICE).follow(afterBoot).close();

        assertThat(afterBoot.live.get(3)).isTrue();
    }
}
