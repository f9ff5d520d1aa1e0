package io.farblock.raidsim.md;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.linux.ImageFile;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.raidsim.array.ArrayOptions;
import io.farblock.raidsim.array.Assembly;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.raidsim.array.RaidArray.Scrub;
import io.farblock.raidsim.array.RaidException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** An array of image files "member.N" in a directory, and what was written to it. One thread; closes all it opened. */
final class SimulatedArray implements AutoCloseable
{
    /** Leaves no whole number of the larger chunks for data. */
    static final long MEMBER_BYTES = (3 << 20) + (12 << 10);
    private static final int SECTOR_BYTES = 512;
    private static final int LARGEST_WRITE_BYTES = 256 << 10;
    private static final ArrayOptions OPTIONS = ArrayOptions.of(() -> 1_790_000_000);

    final RaidArray array;
    /** What was written. */
    final byte[] content;
    /** What was there before the last write. */
    byte[] earlier;
    private final CutDisk.Rail rail;
    private final ByteBuffer buffer = AlignedBuffers.allocate(1 << 20);
    private long nowNs;

    private SimulatedArray(final RaidArray array, final CutDisk.Rail rail)
    {
        this.array = array;
        this.rail = rail;
        content = new byte[(int)array.geometry().sizeBytes()];
    }

    static SimulatedArray create(final ArrayKind kind, final Path directory) throws IOException, RaidException
    {
        for (int i = 0; i < kind.raidDisks(); i++)
        {
            // what one disk has more than the others is not used, by md neither
            ImageFile.create(directory.resolve("member." + i), MEMBER_BYTES + (i == 0 ? 1 << 20 : 0));
        }
        final CutDisk.Rail rail = new CutDisk.Rail();
        final UUID uuid = UUID.nameUUIDFromBytes(directory.toString().getBytes(StandardCharsets.UTF_8));
        return new SimulatedArray(Assembly.create(kind.shape(), "sim:" + kind, uuid, kind.raidDisks(),
            disks(directory, rail), OPTIONS), rail);
    }

    static SimulatedArray open(final Path directory) throws IOException, RaidException
    {
        final CutDisk.Rail rail = new CutDisk.Rail();
        return new SimulatedArray(Assembly.open(disks(directory, rail), OPTIONS), rail);
    }

    private static List<BlockDevice> disks(final Path directory, final CutDisk.Rail rail) throws IOException
    {
        final List<BlockDevice> disks = new ArrayList<>();
        for (int i = 0; Files.exists(directory.resolve("member." + i)); i++)
        {
            disks.add(new CutDisk(
                LinuxBlockDevice.open(directory.resolve("member." + i), OpenMode.readWrite().buffered()), rail));
        }
        return disks;
    }

    void writeAll(final SplittableRandom random)
    {
        for (int at = 0; at < content.length; at += LARGEST_WRITE_BYTES)
        {
            write(random, at, Math.min(LARGEST_WRITE_BYTES, content.length - at));
        }
    }

    /** Writes at random places, until the power goes. */
    void writeHereAndThere(final SplittableRandom random, final int times)
    {
        for (int i = 0; i < times && !rail.isCut(); i++)
        {
            final int length = random.nextInt(1, LARGEST_WRITE_BYTES / SECTOR_BYTES) * SECTOR_BYTES;
            write(random, random.nextInt((content.length - length) / SECTOR_BYTES + 1) * SECTOR_BYTES, length);
        }
    }

    private void write(final SplittableRandom random, final int at, final int length)
    {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        earlier = content.clone();
        assertThat(array.write(at, buffer.put(0, bytes), 0, length)).isEqualTo(length);
        System.arraycopy(bytes, 0, content, at, length);
    }

    /** The power goes while the array is written, and all of it is let go. */
    void cut(final SplittableRandom random)
    {
        rail.cutAfter(random.nextInt(200, 4000));
        writeHereAndThere(random, Integer.MAX_VALUE);
        array.close();
    }

    /** Adds a disk that takes the place of the lost one, and fills about half of it. */
    void rebuildInPart(final Path directory) throws IOException, RaidException
    {
        final Path image = directory.resolve("member." + array.description().raidDisks());
        ImageFile.create(image, MEMBER_BYTES);
        array.add(new CutDisk(LinuxBlockDevice.open(image, OpenMode.readWrite().buffered()), rail));
        long done = 0;
        while (done < array.description().memberBytes() / 2)
        {
            nowNs += array.work(nowNs);
            done = array.describe().progress().doneSectors() * SECTOR_BYTES;
        }
        assertThat(done).isLessThan(array.description().memberBytes());
        array.close();
        writeProgress(image, done);
    }

    /** The array itself writes it for every 64 MiB. */
    private static void writeProgress(final Path image, final long done) throws IOException
    {
        try (BlockDevice disk = LinuxBlockDevice.open(image, OpenMode.readWrite().buffered()))
        {
            final Found.Member found = (Found.Member)MemberFormat.read(disk);
            final MemberRecord was = found.record();
            assertThat(was.recoveryOffsetBytes()).isNotEqualTo(MemberRecord.IN_SYNC);
            assertThat(MemberFormat.writeSuperblock(disk, found.array(), new MemberRecord(was.number(), was.device(),
                was.dataOffsetBytes(), was.dataBytes(), was.events(), was.resyncOffsetBytes(), done,
                was.updatedSeconds(), was.journal(), was.roles()))).isPositive();
        }
    }

    byte[] read()
    {
        final byte[] found = new byte[content.length];
        for (int at = 0; at < found.length; at += buffer.capacity())
        {
            final int length = Math.min(buffer.capacity(), found.length - at);
            assertThat(array.read(at, buffer, 0, length)).isEqualTo(length);
            buffer.get(0, found, at, length);
        }
        return found;
    }

    /** Has the array do what it wants to until it rests. */
    void rest()
    {
        for (int steps = 0; steps < 100_000; steps++)
        {
            final long wait = array.work(nowNs);
            nowNs += wait;
            if (wait > 0)
            {
                return;
            }
        }
        throw new AssertionError("does not come to rest: " + array.describe());
    }

    long mismatchSectors() throws RaidException
    {
        array.scrub(Scrub.CHECK);
        rest();
        return array.describe().mismatchSectors();
    }

    @Override
    public void close()
    {
        array.close();
    }
}
