package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.PauseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An ext4 file system that is written to while it is replicated: with {@code consistency = "suspend"} each sealed epoch
 * is a file system that nobody has to repair, and the writers are held up for no longer than was allowed. {@code
 * -Drounds=N} for more epochs and kills.
 */
@Timeout(3600)
class SuspendedFileSystemTest
{
    private static final long SIZE_BYTES = 192L << 20;
    private static final int ROUNDS = Integer.getInteger("rounds", 2);

    @TempDir
    private Path directory;
    private RootTools root;
    private TwoDaemons daemons;
    private Path mount;
    private BusyFiles writers;

    @BeforeEach
    void start() throws IOException
    {
        root = new RootTools();
        daemons = new TwoDaemons(directory);
        final Path file = directory.resolve("disk.img");
        Images.sparse(file, SIZE_BYTES);
        daemons.image = root.attach(file);
        mount = root.mount(daemons.image, directory.resolve("mount"));
        daemons.tracking = "bpf";
        daemons.window = "16MiB";
        daemons.groupKeys = "consistency = \"suspend\"\npause = \"2s\"\n";
        root.track(daemons.source.state());
        writers = new BusyFiles(mount, new Random(7));
        daemons.start();
    }

    @AfterEach
    void stop() throws Exception
    {
        daemons.close();
        writers.stop();
        root.close();
    }

    @Test
    void shouldSealFileSystemsThatNeedNoRepair() throws Exception
    {
        writers.start();
        for (int round = 0; round < ROUNDS; round++)
        {
            writers.awaitProgress();

            final EpochResult result = daemons.epoch();

            assertThat(result.sealed()).as(result.reason()).isTrue();
            assertThat(result.consistency()).isEqualTo("fs");
            assertThat(daemons.replicaStatus().consistency()).isEqualTo("fs");
            RootTools.run("e2fsck", "-fn", daemons.replica.toString());
            assertOneInstant();
        }
        final PauseStatus pause = daemons.group().pause();
        assertThat(pause.count()).isGreaterThanOrEqualTo(ROUNDS);
        assertThat(pause.budgetNs()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        System.err.printf("suspend: %d pauses, p50 %d us, p99 %d us, max %d us%n", pause.count(),
            pause.p50Ns() / 1000, pause.p99Ns() / 1000, pause.maxNs() / 1000);
    }

    @Test
    void shouldLeaveNoFileSystemFrozenWhenItIsKilled() throws Exception
    {
        final Random random = new Random(Long.getLong("seed", 3));
        daemons.epoch();
        writers.start();
        for (int round = 0; round < ROUNDS; round++)
        {
            daemons.epochBegun();
            Deadline.pass(random.nextInt(300));
            daemons.source.kill();

            writers.awaitProgress();

            daemons.source.start();
        }
        final EpochResult result = daemons.epoch();
        assertThat(result.sealed()).as(result.reason()).isTrue();
        RootTools.run("e2fsck", "-fn", daemons.replica.toString());
        assertOneInstant();
    }

    @Test
    void shouldSayWhyItCannotFreeze() throws Exception
    {
        final EpochResult before = daemons.epoch();
        RootTools.run("fsfreeze", "-f", mount.toString());
        try
        {
            final EpochResult result = daemons.epoch();

            assertThat(result.sealed()).isFalse();
            assertThat(result.reason()).contains(mount.toString()).contains("frozen");
            assertThat(daemons.replicaStatus().sealedEpoch()).isEqualTo(before.epoch());
            assertThat(daemons.replicaStatus().consistency()).isEqualTo("fs");
        }
        finally
        {
            RootTools.run("fsfreeze", "-u", mount.toString());
        }
        assertThat(daemons.epoch().sealed()).isTrue();
    }

    @Test
    void shouldCallAStillDeviceCrashConsistentThoughNothingIsMounted() throws Exception
    {
        RootTools.run("umount", mount.toString());
        try
        {
            assertThat(daemons.sealed().consistency()).isEqualTo("crash");
        }
        finally
        {
            RootTools.run("mount", daemons.image.toString(), mount.toString());
        }
    }

    /** Of two files that are written one after the other, the first is never older, and newer by one at most. */
    private void assertOneInstant() throws IOException
    {
        final long first = number(BusyFiles.FIRST);
        final long second = number(BusyFiles.SECOND);
        assertThat(first - second).as("%d and %d", first, second).isBetween(0L, 1L);
    }

    private long number(final String name) throws IOException
    {
        final Path copy = directory.resolve("read");
        Files.deleteIfExists(copy);
        RootTools.run("debugfs", "-R", "dump /" + name + " " + copy, daemons.replica.toString());
        return Files.exists(copy) && Files.size(copy) > 0 ?
            Long.parseLong(Files.readString(copy, StandardCharsets.US_ASCII).strip()) : 0;
    }
}
