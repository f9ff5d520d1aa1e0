package io.farblock.raidsim.md;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdFixture;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.blockdev.raid.Unusable.Cause;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what md wrote, and what was written is read back. */
class MemberFormatTest
{
    private static final long MEMBER_BYTES = 8 << 20;
    private static final UUID ARRAY = UUID.fromString("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
    private static final UUID DEVICE = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private final MemoryBlockDevice disk = new MemoryBlockDevice("disk", MEMBER_BYTES);

    @ParameterizedTest
    @ValueSource(strings = {
        "raid0", "raid1", "none", "raid1-dropped", "raid1-spare", "raid4", "raid5", "raid5-fine", "raid5-dropped",
        "raid6", "raid10-n2", "raid10-n2-odd", "raid10-n3", "raid10-f2", "raid10-f2-odd", "raid10-o2",
        "raid10-o2-odd"})
    void shouldWriteTheSameSuperblockAgainThatMdWrote(final String name)
    {
        final MdFixture fixture = new MdFixture(name);
        final ArrayDescription array = member(fixture.members.get(0)).array();
        for (final BlockDevice real : fixture.members)
        {
            final MemberRecord record = member(real).record();

            assertThat(MemberFormat.writeSuperblock(disk, array, record)).isEqualTo(4096);

            assertThat(superblock(disk).mismatch(superblock(real))).as("first byte that differs of %s", name)
                .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"raid1", "raid5", "raid6", "raid10-f2-odd", "raid10-n3"})
    void shouldWriteTheSameBitmapAgainThatMdWrote(final String name)
    {
        for (final BlockDevice real : new MdFixture(name).members)
        {
            final Found.Member found = member(real);
            final BitmapImage image = new BitmapImage(found.array());
            image.setAll(found.bitmap().bits());
            image.setEvents(found.bitmap().events(), found.bitmap().eventsCleared());

            assertThat(MemberFormat.writeBitmap(disk, image)).isEqualTo(image.pages() * BitmapImage.PAGE_BYTES);

            final ByteBuffer expected = bytes(real, 8192, image.pages() * BitmapImage.PAGE_BYTES);
            final ByteBuffer written = bytes(disk, 8192, image.pages() * BitmapImage.PAGE_BYTES);
            // the rig slows the clearing of bits
            written.putInt(56, expected.getInt(56));
            final int end = 256 + (int)image.chunks() / 8;
            assertThat(written.limit(end).mismatch(expected.limit(end))).as("first byte that differs").isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({"RAID0, 0, 0", "RAID1, 0, 65536", "RAID5, 2, 4096", "RAID6, 2, 0", "RAID10, 0x102, 16384"})
    void shouldReadWhatWasWritten(final RaidLevel level, final String layout, final long bitmapChunk)
    {
        final int chunk = level == RaidLevel.RAID1 ? 0 : 16384;
        final ArrayDescription array = new ArrayDescription(ARRAY, "host:årray", 1_700_000_000, level,
            Integer.decode(layout), chunk, 4, 6 << 20, bitmapChunk);
        final MemberRecord record = new MemberRecord(2, DEVICE, 1 << 20, 6 << 20, 41, 512 << 10, 4 << 20,
            1_700_000_001, false, roles(0, 1, 2, MdSuperblock.ROLE_FAULTY, 3, MdSuperblock.ROLE_JOURNAL));

        MemberFormat.writeSuperblock(disk, array, record);
        if (bitmapChunk > 0)
        {
            final BitmapImage image = new BitmapImage(array);
            image.setEvents(41, 40);
            image.set(3);
            MemberFormat.writeBitmap(disk, image);
            image.set(image.chunks() - 1);
            MemberFormat.writeBitmapPage(disk, image, image.page(image.chunks() - 1));
        }

        final Found.Member found = member(disk);
        assertThat(found.array()).isEqualTo(array);
        assertThat(found.record()).isEqualTo(record);
        if (bitmapChunk > 0)
        {
            assertThat(found.bitmap().bits().stream()).containsExactly(3, (int)array.bitmapChunks() - 1);
            assertThat(found.bitmap().eventsCleared()).isEqualTo(40);
        }
    }

    @Test
    void shouldReadACleanMemberAndAJournal()
    {
        final ArrayDescription array = raid5(0);
        final MemberRecord data = new MemberRecord(1, DEVICE, 1 << 20, 7 << 20, 41, MemberRecord.CLEAN,
            MemberRecord.IN_SYNC, 1, true, roles(0, 1, 2, MdSuperblock.ROLE_JOURNAL));
        final MemberRecord journal = new MemberRecord(3, DEVICE, 1 << 20, 7 << 20, 41, MemberRecord.CLEAN,
            65536, 1, true, roles(0, 1, 2, MdSuperblock.ROLE_JOURNAL));
        final MemoryBlockDevice other = new MemoryBlockDevice("journal", MEMBER_BYTES);

        MemberFormat.writeSuperblock(disk, array, data);
        MemberFormat.writeSuperblock(other, array, journal);

        assertThat(member(disk).record()).isEqualTo(data);
        assertThat(member(other).record()).isEqualTo(journal);
    }

    @Test
    void shouldReadTheLogOfBadBlocks()
    {
        final MemberRecord record = new MemberRecord(1, DEVICE, 1 << 20, 7 << 20, 41, MemberRecord.CLEAN,
            MemberRecord.IN_SYNC, 1, false, roles(0, 1, 2));
        final List<ByteRange> bad = List.of(new ByteRange(0, 512), new ByteRange(1 << 20, 600 * 512));

        MemberFormat.writeSuperblock(disk, raid5(65536), record, bad);

        assertThat(member(disk).bad()).containsExactly(
            new ByteRange(0, 512), new ByteRange(1 << 20, 512 * 512), new ByteRange((1 << 20) + 512 * 512, 88 * 512));
        MemberFormat.writeSuperblock(disk, raid5(65536), record);
        assertThat(member(disk).bad()).isEmpty();
    }

    @Test
    void shouldSayThatTheLogOfBadBlocksIsFull()
    {
        final MemberRecord record = new MemberRecord(1, DEVICE, 1 << 20, 7 << 20, 41, MemberRecord.CLEAN,
            MemberRecord.IN_SYNC, 1, false, roles(0, 1, 2));
        final List<ByteRange> bad = new ArrayList<>();
        for (int i = 0; i < 512; i++)
        {
            bad.add(new ByteRange(i * 4096, 4096));
        }

        assertThat(MemberFormat.writeSuperblock(disk, raid5(0), record, bad)).isEqualTo(4096);
        bad.add(new ByteRange(1 << 22, 512));
        assertThat(MemberFormat.writeSuperblock(disk, raid5(0), record, bad)).isEqualTo(-Errno.ENOSPC);
        assertThat(member(disk).bad()).hasSize(512);
    }

    @Test
    void shouldSayWhyADiskIsNoMember()
    {
        final ByteBuffer bytes = superblockOf(raid5(0));

        assertThat(cause(disk)).isEqualTo(Cause.NO_SUPERBLOCK);
        bytes.put(33, (byte)'x');
        disk.write(4096, bytes, 0, 4096);
        assertThat(cause(disk)).isEqualTo(Cause.DAMAGED);
        writeSigned(superblockOf(raid5(0)).putInt(8, MdSuperblock.FEATURE_RESHAPING));
        assertThat(cause(disk)).isEqualTo(Cause.UNKNOWN_FORMAT);
        writeSigned(superblockOf(raid5(0)).putInt(8, MdSuperblock.FEATURE_RAID0_LAYOUT));
        assertThat(cause(disk)).isEqualTo(Cause.UNKNOWN_FORMAT);
        writeSigned(superblockOf(raid5(0)).putInt(8, MdSuperblock.FEATURE_BAD_BLOCKS).putShort(186, (short)9));
        assertThat(cause(disk)).isEqualTo(Cause.DAMAGED);
        writeSigned(superblockOf(raid5(0)).putInt(88, 1 << 30));
        assertThat(cause(disk)).isEqualTo(Cause.DAMAGED);
        writeSigned(superblockOf(raid5(0)).putInt(88, 24));
        assertThat(cause(disk)).isEqualTo(Cause.DAMAGED);
        writeSigned(superblockOf(raid5(0)));
        MemberFormat.eraseSuperblock(disk);
        assertThat(cause(disk)).isEqualTo(Cause.NO_SUPERBLOCK);
    }

    @Test
    void shouldThrowForNothingThatLiesOnADisk()
    {
        final long seed = 20261122;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 3000; round++)
        {
            final ByteBuffer bytes = superblockOf(raid5(65536));
            for (int i = random.nextInt(1, 6); i > 0; i--)
            {
                bytes.put(8 + random.nextInt(260), (byte)random.nextInt());
            }
            writeSigned(bytes);

            final Found found = MemberFormat.read(disk);

            assertThat(found).as("seed %d, round %d", seed, round).isNotNull();
        }
    }

    @Test
    void shouldRefuseToPutDataOnTopOfTheBitmap()
    {
        final MemberRecord record = new MemberRecord(0, DEVICE, 8192, 7 << 20, 1, MemberRecord.CLEAN,
            MemberRecord.IN_SYNC, 1, false, roles(0, 1, 2));

        assertThatThrownBy(() -> MemberFormat.writeSuperblock(disk, raid5(65536), record))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("which end at 16384");
    }

    /** Figures that mdadm 4.2 chose. */
    @ParameterizedTest
    @CsvSource({
        "2, 64, 2048", "4, 4, 2048", "4, 512, 4096", "256, 64, 2048", "256, 512, 4096", "1024, 512, 4096",
        "8192, 64, 18432", "16384, 0, 34816", "153600, 512, 264192", "1048576, 0, 264192"})
    void shouldPutDataWhereMdadmDoes(final long deviceMib, final int chunkKib, final long sector)
    {
        assertThat(MemberFormat.dataOffsetBytes(deviceMib << 20, chunkKib << 10, 4096)).isEqualTo(sector * 512);
    }

    @Test
    void shouldFitIntoTheSmallestDisks()
    {
        assertThat(MemberFormat.dataOffsetBytes(1 << 20, 65536, 0)).isEqualTo(16384);
        assertThat(MemberFormat.dataOffsetBytes(1 << 20, 65536, 8192)).isEqualTo(20480);
        assertThat(MemberFormat.dataOffsetBytes(8 << 20, 65536, 2 << 20)).isEqualTo(3 << 20);
    }

    private static ArrayDescription raid5(final long bitmapChunk)
    {
        return new ArrayDescription(ARRAY, "a", 1, RaidLevel.RAID5, 2, 65536, 3, 7 << 20, bitmapChunk);
    }

    private static ByteBuffer superblockOf(final ArrayDescription array)
    {
        final ByteBuffer bytes = AlignedBuffers.allocate(4096);
        SuperblockBytes.put(bytes, array, new MemberRecord(1, DEVICE, 1 << 20, 7 << 20, 41, MemberRecord.CLEAN,
            MemberRecord.IN_SYNC, 1, false, roles(0, 1, 2)), false);
        return bytes;
    }

    private void writeSigned(final ByteBuffer bytes)
    {
        final int roles = Math.min(1920, Math.max(0, bytes.getInt(220)));
        bytes.putInt(216, MdSuperblock.checksum(bytes.slice(0, 256 + 2 * roles).order(bytes.order())));
        disk.write(4096, bytes, 0, 4096);
    }

    private static List<Integer> roles(final int... roles)
    {
        final List<Integer> all = new ArrayList<>();
        for (int i = 0; i < 128; i++)
        {
            all.add(i < roles.length ? roles[i] : MdSuperblock.ROLE_SPARE);
        }
        return all;
    }

    private static Found.Member member(final BlockDevice disk)
    {
        final Found found = MemberFormat.read(disk);
        assertThat(found).isInstanceOf(Found.Member.class);
        return (Found.Member)found;
    }

    private static Cause cause(final BlockDevice disk)
    {
        return ((Found.Refused)MemberFormat.read(disk)).why().cause();
    }

    /** From the magic number to the last role. */
    private static ByteBuffer superblock(final BlockDevice disk)
    {
        final ByteBuffer bytes = bytes(disk, 4096, 4096);
        return bytes.slice(0, 256 + 2 * bytes.getInt(220)).order(bytes.order());
    }

    private static ByteBuffer bytes(final BlockDevice disk, final long offset, final int length)
    {
        final ByteBuffer bytes = AlignedBuffers.allocate(length);
        disk.read(offset, bytes, 0, length);
        return bytes;
    }
}
