package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.bpf.BpfFileSystem;
import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GapStatus;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A device whose writes the kernel marks: only what was written is read, whoever was alive then. {@code -Drounds=100}
 * for more kills, {@code -Dseed=N} to repeat them.
 */
@Timeout(3600)
class TrackedDeviceTest
{
    private static final long SIZE_BYTES = 32L << 20;
    private static final int BLOCK = 64 << 10;
    private static final int BLOCKS = (int)(SIZE_BYTES / BLOCK);

    @TempDir
    private Path directory;
    private RootTools root;
    private TwoDaemons daemons;
    private final Random random = new Random(5);

    @BeforeEach
    void start() throws IOException
    {
        root = new RootTools();
        daemons = new TwoDaemons(directory);
        final Path file = directory.resolve("disk.img");
        Images.random(file, SIZE_BYTES, random);
        daemons.image = root.attach(file);
        daemons.tracking = "bpf";
        root.track(daemons.source.state());
        daemons.start();
    }

    @AfterEach
    void stop() throws IOException
    {
        daemons.close();
        root.close();
    }

    @Test
    void shouldReadOnlyWhatWasWritten() throws Exception
    {
        assertThat(volume().tracking()).isEqualTo("bpf");
        awaitGap();
        assertThat(volume().gaps()).extracting(GapStatus::cause).containsExactly("attached");
        assertThat(daemons.sealed().scannedBytes()).isEqualTo(SIZE_BYTES);
        assertThat(volume().gaps()).isEmpty();
        daemons.sealed();

        assertThat(daemons.sealed().scannedBytes()).isZero();
        write(3, 4, 400);
        final EpochResult three = daemons.sealed();

        assertThat(three.scannedBytes()).isEqualTo(3 * BLOCK);
        assertThat(three.changedBytes()).isEqualTo(3 * BLOCK);
    }

    @Test
    void shouldFindWhatWasWrittenWhileTheDaemonWasDead() throws Exception
    {
        settle();
        daemons.source.kill();
        write(9, 300);
        daemons.source.start();

        final EpochResult result = daemons.sealed();

        assertThat(result.changedBytes()).isEqualTo(2 * BLOCK);
        assertThat(result.scannedBytes()).isLessThanOrEqualTo(4 * BLOCK);
        assertThat(volume().gaps()).isEmpty();
    }

    @Test
    void shouldCompareAllOfADeviceThatWasReplaced() throws Exception
    {
        settle();
        daemons.source.kill();
        RootTools.run("losetup", "-d", daemons.image.toString());
        Images.change(directory.resolve("disk.img"), 3, BLOCK, random);
        RootTools.run("losetup", daemons.image.toString(), directory.resolve("disk.img").toString());
        daemons.source.start();
        awaitGap();

        final EpochResult result = daemons.sealed();

        assertThat(result.scannedBytes()).isEqualTo(SIZE_BYTES);
        assertThat(volume().gaps()).isEmpty();
    }

    @Test
    void shouldReadAllForANewCopyThoughTheKernelHasSeenNoWriteSinceTheOld() throws Exception
    {
        settle();
        daemons.source.kill();
        daemons.target.kill();
        RootTools.run("rm", "-r", daemons.source.state().toString(), daemons.target.state().toString(),
            daemons.replica.toString());
        daemons.start();

        assertThat(daemons.sealed().scannedBytes()).isEqualTo(SIZE_BYTES);
    }

    @Test
    void shouldEndInTheKernelWhenTheVolumeIsScannedAgain() throws Exception
    {
        daemons.sealed();
        daemons.source.kill();
        final Path pins = BpfFileSystem.DEFAULT.resolve("farblock");
        final Path state = daemons.source.state().resolve("source/beta/" + TwoDaemons.GROUP + "/disk").toAbsolutePath();
        // Of this volume alone: other tests on the machine have theirs in the same place.
        final Path pin = pins.resolve("volume_" + UUID.nameUUIDFromBytes(
            state.toString().getBytes(StandardCharsets.UTF_8)).toString().replace("-", ""));
        assertThat(pin).exists();
        daemons.tracking = "scan";
        daemons.source.start(daemons.sourceConfig());
        write(1);

        final EpochResult result = daemons.sealed();

        assertThat(result.scannedBytes()).isEqualTo(SIZE_BYTES);
        assertThat(pin).doesNotExist();
    }

    @Test
    void shouldMendADamagedReplicaWithoutReadingTheSource() throws Exception
    {
        settle();
        try (FileChannel replica = FileChannel.open(daemons.replica, StandardOpenOption.WRITE))
        {
            replica.write(ByteBuffer.allocate(100), 7L * BLOCK + 5);
            replica.force(false);
        }

        daemons.source.verifyAndRepair(TwoDaemons.GROUP);

        daemons.assertSame(daemons.image, "the source");
        assertThat(daemons.group().lastResult().scannedBytes()).isBetween((long)BLOCK, 3L * BLOCK);
    }

    @Test
    void shouldNeverReadAllAgainHoweverOftenItIsKilled() throws Exception
    {
        final int rounds = KillNineTest.number("rounds", 2);
        final long seed = KillNineTest.number("seed", new Random().nextInt(1_000_000));
        random.setSeed(seed);
        daemons.sealed();
        for (int round = 1; round <= rounds; round++)
        {
            final String what = "round " + round + " with -Dseed=" + seed;
            final AtomicBoolean enough = new AtomicBoolean();
            final Thread writer = new Thread(() -> writeUntil(enough, new Random(seed)), "writer");
            writer.start();
            daemons.limit(2 << 20);
            daemons.epochBegun();
            Deadline.pass(random.nextInt(1_000));
            daemons.source.kill();
            Deadline.pass(random.nextInt(200));
            daemons.limit(0);
            daemons.source.start();
            final EpochResult running = daemons.epoch();
            enough.set(true);
            writer.join();

            final EpochResult settled = daemons.sealed();

            assertThat(running.sealed()).as(what + ": " + running.reason()).isTrue();
            assertThat(running.scannedBytes()).as(what).isLessThan(SIZE_BYTES / 2);
            assertThat(settled.scannedBytes()).as(what).isLessThan(SIZE_BYTES / 2);
            assertThat(volume().gaps()).as(what).isEmpty();
        }
    }

    /** A first copy, and a second epoch: what a harvest finds in flight it names again in the next. */
    private void settle() throws Exception
    {
        daemons.sealed();
        daemons.sealed();
    }

    private VolumeStatus volume()
    {
        return daemons.group().volumes().get(0);
    }

    /** The daemon answers before it has begun to follow the device. */
    private void awaitGap()
    {
        Deadline.await("a gap", 30, () -> !volume().gaps().isEmpty());
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

    /** Writes to the first quarter of the device only. */
    private void writeUntil(final AtomicBoolean enough, final Random where)
    {
        try (FileChannel device = FileChannel.open(daemons.image, StandardOpenOption.WRITE))
        {
            final byte[] content = new byte[8192];
            while (!enough.get())
            {
                where.nextBytes(content);
                device.write(ByteBuffer.wrap(content), 4096L * where.nextInt(BLOCKS / 4 * (BLOCK / 4096) - 2));
                device.force(false);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
