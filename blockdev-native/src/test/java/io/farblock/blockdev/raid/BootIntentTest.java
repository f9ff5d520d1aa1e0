package io.farblock.blockdev.raid;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.dirty.DirtyMap;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An array of a real kernel's members, and a sysfs that says when they are read. */
class BootIntentTest
{
    private static final long LATE_MS = 3_600_000;
    /** Where the fixture's bitmap begins, and its delay in there; the fixture was made with a longer one. */
    private static final int BITMAP_DELAY = 8192 + 56;

    @TempDir
    private Path root;
    private final MdFixture fixture = new MdFixture("raid1");
    private Path device;

    @BeforeEach
    void assemble() throws IOException
    {
        final Path nodes = Files.createDirectories(root.resolve("dev"));
        for (int i = 0; i < 2; i++)
        {
            try (RandomAccessFile member = new RandomAccessFile(nodes.resolve("sd" + i).toFile(), "rw"))
            {
                final ByteBuffer piece = fixture.piece(i).putInt(BITMAP_DELAY, 5);
                final byte[] bytes = new byte[fixture.pieceBytes];
                piece.get(0, bytes);
                member.setLength(fixture.members.get(i).geometry().sizeBytes());
                member.seek(fixture.pieceOffset);
                member.write(bytes);
            }
            md("dev-sd" + i + "/state", "in_sync");
            md("dev-sd" + i + "/slot", "" + i);
        }
        device = Files.createFile(nodes.resolve("md0"));
        write("size", "" + fixture.arrayBytes / 512);
        md("level", "raid1");
        md("raid_disks", "2");
        md("degraded", "0");
        md("array_state", "active");
        md("sync_action", "idle");
        md("resync_start", "0");
        md("bitmap/location", "+8");
        md("bitmap/time_base", "5");
    }

    @Test
    void shouldNameAllThatWasWrittenWhenNoPassCanHaveClearedABit()
    {
        final BootIntent intent = read(9_999);

        assertThat(intent.refusal()).isEmpty();
        assertThat(intent.timeBaseS()).isEqualTo(5);
        final DirtyMap named = new DirtyMap(fixture.arrayBytes);
        intent.ranges().forEach(range -> named.mark(range.offsetBytes(), range.lengthBytes()));
        fixture.written.forEach(write ->
            assertThat(named.isMarked(write.offsetBytes(), write.lengthBytes())).isTrue());
        assertThat(named.count()).isLessThan(named.granules() / 5);
    }

    @Test
    void shouldRefuseWhenBitsMayHaveBeenCleared()
    {
        final BootIntent intent = read(10_000);

        assertThat(intent.isUsable()).isFalse();
        assertThat(intent.refusal()).contains("up for 10 s", "time_base of 5 s", "md_mod.start_ro=1", "--delay");
        assertThat(intent.ranges()).isEmpty();
    }

    @Test
    void shouldUseAnArrayThatWaitsForItsFirstWriteWithItsResyncPending() throws IOException
    {
        md("array_state", "read-auto");
        assertThat(read(LATE_MS).refusal()).isEmpty();

        md("sync_action", "resync");
        assertThat(read(LATE_MS).isUsable()).isFalse();
        md("sync_action", "idle");
        md("resync_start", "2048");
        assertThat(read(LATE_MS).isUsable()).as("a resync went part of the way").isFalse();
        md("resync_start", "none");

        assertThat(read(LATE_MS).isUsable()).as("bits without a resync go by themselves").isFalse();
    }

    @Test
    void shouldGoByTheShorterOfTwoTimes() throws IOException
    {
        md("bitmap/time_base", "60");
        assertThat(read(10_000).isUsable()).as("the bitmap on disk says 5").isFalse();
        md("bitmap/time_base", "2");
        assertThat(read(4_000).isUsable()).isFalse();
        assertThat(read(3_999).timeBaseS()).isEqualTo(2);
        Files.delete(device.resolveSibling("../sys/block/md0/md/bitmap/time_base"));

        assertThat(read(1).refusal()).contains("does not say how long");
    }

    @Test
    void shouldNameBytesOfAPartition() throws IOException
    {
        final long start = 4_194_304;
        write("md0p1/start", "" + start / 512);
        write("md0p1/size", "" + (8 << 20) / 512);
        device = Files.createFile(device.resolveSibling("md0p1"));

        final BootIntent intent = read(1);

        assertThat(intent.refusal()).isEmpty();
        assertThat(intent.ranges()).isNotEmpty().allMatch(range -> range.offsetBytes() >= 0 &&
            range.offsetBytes() + range.lengthBytes() <= 8 << 20);
        final DirtyMap named = new DirtyMap(8 << 20);
        intent.ranges().forEach(range -> named.mark(range.offsetBytes(), range.lengthBytes()));
        assertThat(named.isMarked(4_927_488 - start, 163_840)).isTrue();
        assertThat(named.isMarked(0, 65_536)).isFalse();
    }

    @Test
    void shouldRefuseOtherMembersSizesAndDevices() throws IOException
    {
        md("uuid", "00000000-1111-2222-3333-444444444444");
        assertThat(read(1).refusal()).contains("belong to the array");
        md("uuid", "");
        write("size", "8");
        assertThat(read(1).refusal()).contains("has 4096 bytes");
        Files.delete(device.resolveSibling("sd0"));
        Files.delete(device.resolveSibling("sd1"));
        assertThat(read(1).refusal()).isNotEmpty();

        assertThat(BootIntent.read(new MdSysfs(root.resolve("sys")), root.resolve("dev"), Path.of("/dev/null"), () -> 1)
            .refusal()).isEqualTo("it is no md array");
    }

    private BootIntent read(final long uptimeMs)
    {
        return BootIntent.read(new MdSysfs(root.resolve("sys")), root.resolve("dev"), device, () -> uptimeMs);
    }

    private void md(final String attribute, final String value) throws IOException
    {
        write("md/" + attribute, value);
    }

    private void write(final String attribute, final String value) throws IOException
    {
        final Path file = root.resolve("sys/block/md0").resolve(attribute);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }
}
