package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.replication.TestStorage;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.merkle.TreeException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where dirty bits die, and where they come back to life. */
final class AckTrackerTest
{
    private static final long SIZE_BYTES = 1 << 20;
    private static final Path DEVICE = Path.of("/volume");

    @TempDir
    private Path directory;
    private final TestStorage storage = new TestStorage();
    private final AckTracker tracker = new AckTracker();
    private SourceVolume volume;

    @BeforeEach
    void open() throws Exception
    {
        new DeviceBytes(storage.disk(DEVICE, SIZE_BYTES)).write(65536, DeviceBytes.filled(3, 4096));
        volume = new SourceVolume(new SourceConfig.Volume("v", DEVICE, 65536), directory, storage);
        volume.open();
    }

    @Test
    void shouldKeepAnEpochsDigestsOnlyWhenItIsSealed() throws Exception
    {
        final byte[] digest = DeviceBytes.filled(9, 32);
        assertThat(tracker.harvest(List.of(volume))).isZero();
        assertThat(volume.epochMap().isMarked(65536, 65536)).isTrue();
        volume.epochTree().set(1, digest);
        tracker.putBack();
        assertThat(volume.epochMap().count()).isZero();
        assertThat(volume.epochTree().root()).containsOnly(0);
        tracker.harvest(List.of(volume));
        assertThat(volume.epochMap().isMarked(65536, 65536)).isTrue();
        volume.epochTree().set(1, digest);

        tracker.sealed(5, Consistency.FUZZY);

        assertThat(volume.table().has(1, digest)).isTrue();
        assertThat(volume.sealedEpoch()).isEqualTo(5);
        assertThat(volume.epochMap().count()).isZero();
    }

    @Test
    void shouldRefuseASecondEpochWhileOneIsOpen()
    {
        tracker.harvest(List.of(volume));

        assertThatThrownBy(() -> tracker.harvest(List.of(volume))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldBeReadyForAnotherEpochAfterAHarvestThatCouldNotReadTheTable() throws Exception
    {
        volume.epochTree().set(1, DeviceBytes.filled(9, 32));
        volume.sealed(1, Consistency.FUZZY);
        volume.close();
        volume.open();
        final DiskFault fault = new DiskFault.Loss(Errno.ENXIO);
        storage.disks.get(directory.resolve("table")).inject(fault);
        assertThatThrownBy(() -> tracker.harvest(List.of(volume))).isInstanceOf(TreeException.class);

        storage.disks.get(directory.resolve("table")).heal(fault);

        assertThat(tracker.harvest(List.of(volume))).isZero();
    }

    @Test
    void shouldOpenAgainAfterATableCouldNotBeOpened() throws Exception
    {
        volume.close();
        storage.missing.add(directory.resolve("epoch"));
        assertThatThrownBy(volume::open).isInstanceOf(VolumeException.class).hasMessageContaining("is missing");
        storage.missing.clear();

        volume.open();

        assertThat(tracker.harvest(List.of(volume))).isZero();
        volume.close();
        assertThat(storage.open).isEmpty();
    }

    @Test
    void shouldRebuildATableWhoseRecordSaysThatItIsNotSettled() throws Exception
    {
        volume.epochTree().set(1, DeviceBytes.filled(9, 32));
        volume.sealed(4, Consistency.FUZZY);
        final String root = volume.root();
        final io.farblock.replication.lineage.RecordFile file =
            new io.farblock.replication.lineage.RecordFile(directory.resolve("record"), FileSync.KERNEL);
        volume.close();
        file.write(file.read().orElseThrow().unsettled());

        volume.open();

        assertThat(volume.root()).isEqualTo(root);
        assertThat(volume.sealedEpoch()).isEqualTo(4);
    }
}
