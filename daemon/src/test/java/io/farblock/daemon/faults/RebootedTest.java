package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.boot.LinuxBoot;
import io.farblock.blockdev.bpf.BpfFileSystem;
import io.farblock.blockdev.bpf.BpfTracker;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.linux.Images;
import io.farblock.blockdev.raid.BootIntent;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.replication.LinuxStorage;
import io.farblock.replication.Storage;
import io.farblock.replication.marks.VolumeMarks;
import io.farblock.replication.source.EarlyTracking;
import io.farblock.replication.source.EarlyTracking.Outcome;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source whose machine was started anew: what the kernel knew is gone (its pins are removed), and the next epoch
 * reads what was saved, or everything, and says why. What the machine says of its start is the test's.
 */
@Timeout(600)
class RebootedTest
{
    private static final long SIZE_BYTES = 32L << 20;
    private static final int BLOCK = 64 << 10;

    @TempDir
    private Path directory;
    private final TestBoot machine = new TestBoot();
    private final Random random = new Random(7);
    private RootTools root;
    private TwoDaemons daemons;
    private Path volume;

    @BeforeEach
    void copy() throws Exception
    {
        root = new RootTools();
        daemons = new TwoDaemons(directory);
        final Path file = directory.resolve("disk.img");
        Images.random(file, SIZE_BYTES, random);
        daemons.image = root.attach(file);
        daemons.tracking = "bpf";
        root.track(daemons.source.state());
        volume = daemons.source.state().resolve("source/beta/" + TwoDaemons.GROUP + "/disk").toAbsolutePath();
        daemons.start();
        daemons.sealed();
        daemons.sealed();
    }

    @AfterEach
    void stop() throws IOException
    {
        daemons.close();
        root.close();
    }

    @Test
    void shouldReadOnlyWhatWasSavedAtACleanShutdown() throws Exception
    {
        write(150, 250);
        daemons.source.kill();
        assertThat(tracking().save()).containsExactly(new Outcome("vms/disk", true, null, "saved, clean"));
        losePins();
        machine.boot = new LinuxBoot().boot();

        final Outcome attached = tracking().attach().get(0);
        daemons.source.start();

        assertThat(attached.note().reason()).isEqualTo("saved map of a clean shutdown");
        assertThat(attached.note().bytes()).isLessThanOrEqualTo(4 * BLOCK);
        Deadline.await("the boot's note", 30, () -> volume().boot() != null);
        assertThat(volume().gaps()).isEmpty();
        assertThat(volume().boot().narrowed()).isTrue();
        final EpochResult result = daemons.sealed();
        assertThat(result.changedBytes()).isEqualTo(2 * BLOCK);
        assertThat(result.scannedBytes()).isLessThanOrEqualTo(4 * BLOCK);
        assertThat(volume().boot().open()).isFalse();
    }

    @Test
    void shouldReadEverythingAfterAPowerCutWithoutABitmapAndSayWhy() throws Exception
    {
        powerCut();

        final Outcome attached = tracking().attach().get(0);
        write(7);
        daemons.source.start();

        assertThat(attached.note().reason()).isEqualTo(
            "no clean shutdown and no write-intent bitmap: it is no md array");
        assertThat(daemons.sealed().scannedBytes()).isEqualTo(SIZE_BYTES);
    }

    @Test
    void shouldReadWhatWasSavedAndWhatTheBitmapNamesAfterAPowerCut() throws Exception
    {
        write(150, 250);
        powerCut();
        // the last write before the cut, which only md knows of
        write(300);
        machine.intent = new BootIntent(List.of(new ByteRange(300L * BLOCK, 4 * BLOCK)), 5, "");

        final Outcome attached = tracking().attach().get(0);
        daemons.source.start();

        assertThat(attached.note().reason()).isEqualTo("saved map and md's write-intent bitmap");
        final EpochResult result = daemons.sealed();
        assertThat(result.changedBytes()).isEqualTo(3 * BLOCK);
        assertThat(result.scannedBytes()).isLessThanOrEqualTo(8 * BLOCK);
        assertThat(volume().gaps()).isEmpty();
    }

    /** A run of the machine in which nobody saw the writes, and which has not touched head or tail of the device. */
    @Test
    void shouldReadEverythingAfterABootInWhichItCouldNotBeFollowed() throws Exception
    {
        daemons.source.kill();
        assertThat(tracking().save().get(0).done()).isTrue();
        losePins();
        machine.failure = "cannot be followed in this run";
        final Outcome refused = tracking().attach().get(0);
        losePins();
        write(300);
        machine.failure = "";
        machine.boot = new LinuxBoot().boot();

        final Outcome attached = tracking().attach().get(0);
        daemons.source.start();

        assertThat(refused.text()).contains("cannot be followed in this run");
        assertThat(attached.note().reason()).startsWith("no saved map");
        assertThat(daemons.sealed().scannedBytes()).isEqualTo(SIZE_BYTES);
    }

    @Test
    void shouldReadEverythingWhenSomethingWroteBeforeTrackingBegan() throws Exception
    {
        daemons.source.kill();
        assertThat(tracking().save().get(0).done()).isTrue();
        losePins();
        write(300);
        machine.boot = new LinuxBoot().boot();
        machine.writes = new LinuxBoot().writesSoFar(daemons.image);

        final Outcome attached = tracking().attach().get(0);
        daemons.source.start();

        assertThat(attached.note().narrowed()).isFalse();
        assertThat(attached.note().reason()).contains("writes and").contains("before tracking began");
        assertThat(daemons.sealed().scannedBytes()).isEqualTo(SIZE_BYTES);
    }

    /** The machine is off, just after a daemon on an array has kept the map; the kernel's own is lost. */
    private void powerCut() throws Exception
    {
        daemons.source.kill();
        final Storage storage = new LinuxStorage(machine);
        final VolumeMarks marks = new VolumeMarks(storage, volume, volume.toString(), daemons.image);
        try (DirtyTracker tracker = marks.follow(storage.openTracker(volume.toString(), daemons.image)))
        {
            assertThat(tracker.gaps()).isEmpty();
            assertThat(marks.keep()).isTrue();
            marks.promise();
        }
        losePins();
        machine.boot = new LinuxBoot().boot();
    }

    private void losePins() throws IOException
    {
        BpfTracker.forget(BpfFileSystem.at(BpfFileSystem.DEFAULT), volume.toString());
    }

    private EarlyTracking tracking() throws Exception
    {
        return new EarlyTracking(
            ConfigFile.read(daemons.source.configFile()).sources().get(0), new LinuxStorage(machine));
    }

    private VolumeStatus volume()
    {
        return daemons.group().volumes().get(0);
    }

    private void write(final int... blocks) throws IOException
    {
        try (FileChannel device = FileChannel.open(daemons.image, StandardOpenOption.WRITE))
        {
            for (final int block : blocks)
            {
                final byte[] content = new byte[4096];
                random.nextBytes(content);
                device.write(ByteBuffer.wrap(content), (long)block * BLOCK);
            }
            device.force(false);
        }
    }
}
