package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.linux.Images;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.VerifyResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sector that the source cannot read: nothing is made up for it, nothing is sealed over it, and it is named. */
final class UnreadableSectorTest
{
    private static final int IMAGE_BYTES = 8 << 20;
    private static final long BAD_OFFSET = (37 << 16) + 1024;

    private final DiskFault bad = new DiskFault.LatentSectors(BAD_OFFSET, 512);

    @TempDir
    private Path directory;

    @Test
    void shouldNameTheBlockAndSealOnlyWhenItCanBeRead() throws Exception
    {
        final Random random = new Random(3);
        try (TwoSites sites = new TwoSites(directory))
        {
            final FailingSource storage = new FailingSource();
            Images.random(sites.sourceImage, IMAGE_BYTES, random);
            sites.launchTarget();
            sites.launchSource(storage);
            final EpochResult first = epoch(sites);
            Files.copy(sites.sourceImage, directory.resolve("first.img"));
            Images.random(sites.sourceImage, IMAGE_BYTES, random);
            storage.fails = true;

            final EpochResult unreadable = epoch(sites);

            assertThat(first.sealed()).isTrue();
            assertThat(unreadable.sealed()).isFalse();
            assertThat(unreadable.reason()).contains("disk0", sites.sourceImage.toString(), "offset " + (37 << 16),
                "length 65536", "EIO");
            assertThat(Files.mismatch(directory.resolve("first.img"), sites.replicaImage)).isEqualTo(-1);
            storage.fails = false;
            assertThat(epoch(sites).reason()).isEmpty();
            assertThat(Files.mismatch(sites.sourceImage, sites.replicaImage)).isEqualTo(-1);
        }
    }

    @Test
    void shouldFindAndMendADamagedReplica() throws Exception
    {
        try (TwoSites sites = new TwoSites(directory))
        {
            Images.random(sites.sourceImage, IMAGE_BYTES, new Random(4));
            sites.launchTarget();
            sites.launchSource();
            epoch(sites);
            try (RandomAccessFile replica = new RandomAccessFile(sites.replicaImage.toFile(), "rw"))
            {
                replica.seek(5 << 16);
                replica.write(new byte[100]);
            }

            final VerifyResult found = sites.source.verify(TwoSites.GROUP, false).get(30, TimeUnit.SECONDS);
            final VerifyResult mended = sites.source.verify(TwoSites.GROUP, true).get(30, TimeUnit.SECONDS);
            final VerifyResult after = sites.source.verify(TwoSites.GROUP, false).get(30, TimeUnit.SECONDS);

            assertThat(found.equal()).isFalse();
            assertThat(found.damaged()).containsExactly("volume disk0 offset " + (5 << 16) + " length 65536");
            assertThat(mended.repaired()).isTrue();
            assertThat(after.equal()).isTrue();
            assertThat(after.checkedBytes()).isEqualTo(IMAGE_BYTES);
            assertThat(Files.mismatch(sites.sourceImage, sites.replicaImage)).isEqualTo(-1);
        }
    }

    private static EpochResult epoch(final TwoSites sites) throws Exception
    {
        return sites.source.epochNow(TwoSites.GROUP).get(30, TimeUnit.SECONDS);
    }

    /** This machine's files, but the source has a bad sector while {@code fails}. */
    private final class FailingSource implements Storage
    {
        private final Storage machine = new LinuxStorage();
        private volatile boolean fails;

        @Override
        public BlockDevice openSource(final Path device) throws IOException
        {
            final FaultyDisk disk = new FaultyDisk(machine.openSource(device));
            if (fails)
            {
                disk.inject(bad);
            }
            return disk;
        }

        @Override
        public BlockDevice openReplica(final Path device, final long sizeBytes) throws IOException
        {
            return machine.openReplica(device, sizeBytes);
        }

        @Override
        public boolean isMissing(final Path device)
        {
            return machine.isMissing(device);
        }

        @Override
        public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh) throws IOException
        {
            return machine.openTable(file, sizeBytes, fresh);
        }
    }
}
