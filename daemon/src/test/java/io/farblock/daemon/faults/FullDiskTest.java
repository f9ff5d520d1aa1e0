package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The target's disk is full: in the first copy, in the journal, and when a journalled epoch is applied. */
@Timeout(120)
class FullDiskTest
{
    private static final int IMAGE_BYTES = 32 << 20;
    private static final int DISK_BYTES = 128 << 20;

    @TempDir
    private Path directory;
    private final Random random = new Random(17);
    private RootTools root;
    private TwoDaemons daemons;
    private Path disk;
    private Path ballast;

    @BeforeEach
    void mountASmallDisk() throws Exception
    {
        root = new RootTools();
        daemons = new TwoDaemons(directory);
        final Path file = directory.resolve("disk.img");
        Images.sparse(file, DISK_BYTES);
        disk = root.mount(root.attach(file), directory.resolve("disk"));
        ballast = disk.resolve("ballast");
        daemons.replica = disk.resolve("replica.img");
    }

    @AfterEach
    void clear() throws Exception
    {
        daemons.close();
        root.close();
    }

    @Test
    void shouldSayThatTheFirstCopyFoundNoRoomAndGoOnAfterIt() throws Exception
    {
        Images.random(daemons.image, IMAGE_BYTES, random);
        daemons.start();
        leave(8 << 20);

        final EpochResult refused = daemons.epoch();

        assertThat(refused.sealed()).isFalse();
        assertThat(refused.reason()).contains("cannot write " + daemons.replica, "ENOSPC");
        assertThat(daemons.replicaStatus().sealedEpoch()).isZero();
        assertThat(daemons.epoch().sealed()).as("still full").isFalse();
        assertThat(daemons.target.isAlive()).isTrue();
        Files.delete(ballast);
        daemons.sealed();
    }

    @Test
    void shouldSayThatTheJournalFoundNoRoomAndGoOnAfterIt() throws Exception
    {
        Images.random(daemons.image, IMAGE_BYTES, random);
        daemons.targetState = disk.resolve("state").toString();
        daemons.start();
        daemons.sealed();
        final Path sealed = Files.copy(daemons.image, directory.resolve("sealed.img"));
        Images.random(daemons.image, IMAGE_BYTES, random);
        leave(20 << 20);

        final EpochResult refused = daemons.epoch();

        assertThat(refused.sealed()).isFalse();
        assertThat(refused.reason()).contains("journal", "ENOSPC");
        daemons.assertSame(sealed, "the sealed epoch");
        leave(1 << 20);
        assertThat(daemons.epoch().sealed()).as("hardly any room").isFalse();
        daemons.assertSame(sealed, "the sealed epoch");
        daemons.journalReserve = "16MiB";
        daemons.target.kill();
        daemons.startTarget();
        assertThat(daemons.epoch().reason()).contains("journal_reserve", "16777216");
        Files.delete(ballast);
        daemons.sealed();
    }

    @Test
    void shouldFinishASealedEpochWhenThereIsRoomAgain() throws Exception
    {
        Images.sparse(daemons.image, IMAGE_BYTES);
        daemons.start();
        daemons.sealed();
        Images.random(daemons.image, IMAGE_BYTES, random);
        leave(8 << 20);

        final var asked = daemons.epochBegun();
        Deadline.await("the target says that it cannot apply", 30, () ->
            "blocked".equals(daemons.replicaStatus().state()));
        assertThat(daemons.replicaStatus().reason()).contains("sealed but cannot be applied", "ENOSPC");
        final EpochResult result = asked.get(10, TimeUnit.SECONDS);
        assertThat(result.sealed()).as("durable in the journal").isTrue();
        assertThat(result.reason()).contains("sealed but cannot be applied", "ENOSPC");
        daemons.target.kill();
        Files.delete(ballast);
        daemons.startTarget();

        assertThat(daemons.replicaStatus().appliedEpoch()).isEqualTo(result.epoch());
        daemons.sealed();
    }

    /** Fills the disk until only so much is free. */
    private void leave(final long freeBytes) throws Exception
    {
        Files.deleteIfExists(ballast);
        RootTools.run("sync", "-f", disk.toString());
        final long usable = Files.getFileStore(disk).getUsableSpace();
        RootTools.run("fallocate", "-l", Long.toString(usable - freeBytes), ballast.toString());
        try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "r"))
        {
            assertThat(file.length()).isEqualTo(usable - freeBytes);
        }
    }
}
