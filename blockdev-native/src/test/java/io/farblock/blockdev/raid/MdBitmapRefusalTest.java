package io.farblock.blockdev.raid;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.Unusable.Cause;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not a bitmap that can be trusted is refused by name, and nothing that lies on a disk is an exception. */
class MdBitmapRefusalTest
{
    private static final int SUPERBLOCK = 4096;
    private static final int BITMAP = 8192;

    private final MdFixture fixture = new MdFixture("raid5");

    @ParameterizedTest
    @CsvSource({"none, NO_BITMAP", "ppl, PARTIAL_PARITY_LOG", "raid0, NO_BITMAP"})
    void shouldSayWhyAnArrayThatAKernelMadeHasNoBitmap(final String name, final Cause cause)
    {
        for (final BlockDevice member : new MdFixture(name).members)
        {
            final MdBitmap bitmap = MdBitmap.read(member);

            assertThat(bitmap.unusable().orElseThrow().cause()).isEqualTo(cause);
            assertThat(bitmap.dirtyRanges()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, DAMAGED", "4, 3, UNKNOWN_FORMAT", "4, 5, CLUSTERED", "4, 6, UNKNOWN_FORMAT", "8, 1, FOREIGN",
        "24, 0, STALE", "40, 1, SIZE_MISMATCH", "40, -1, SIZE_MISMATCH", "48, 2, STALE", "48, 4, STALE",
        "52, 0, DAMAGED", "52, 256, DAMAGED", "52, 65537, DAMAGED", "68, 1, CLUSTERED"})
    void shouldRefuseABitmapHeader(final int index, final int value, final Cause cause)
    {
        assertThat(refusal((piece) -> piece.putInt(BITMAP + index, value))).isEqualTo(cause);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 0, NO_BITMAP", "8, 5, RESHAPING", "8, 0x101, CLUSTERED", "8, 0x201, JOURNAL",
        "8, 0x401, PARTIAL_PARITY_LOG", "72, 2, UNKNOWN_LEVEL", "88, 0, DAMAGED", "92, 0, DAMAGED", "92, 1, DAMAGED",
        "92, 0x7fffffff, DAMAGED", "84, 0x7fffffff, DAMAGED", "96, 0x7fffffff, UNREADABLE", "96, -9, UNREADABLE",
        "96, 1024, DAMAGED", "160, 0x7fffffff, DAMAGED", "160, -1, DAMAGED", "204, -1, DAMAGED"})
    void shouldRefuseASuperblockWhoseChecksumIsRight(final int index, final String value, final Cause cause)
    {
        assertThat(refusal((piece) ->
        {
            piece.putInt(SUPERBLOCK + index, Integer.decode(value));
            sign(piece);
        })).isEqualTo(cause);
    }

    @Test
    void shouldRefuseASuperblockWhoseChecksumIsWrong()
    {
        assertThat(refusal((piece) -> piece.putInt(SUPERBLOCK + 92, 5))).isEqualTo(Cause.DAMAGED);
        assertThat(refusal((piece) -> piece.putInt(SUPERBLOCK + 220, 2000))).isEqualTo(Cause.DAMAGED);
        assertThat(refusal((piece) -> piece.putInt(SUPERBLOCK + 220, -1))).isEqualTo(Cause.DAMAGED);
    }

    @Test
    void shouldFindNoSuperblockOnOtherDevices()
    {
        assertThat(refusal((piece) -> piece.putInt(SUPERBLOCK, 0))).isEqualTo(Cause.NO_SUPERBLOCK);
        for (final long bytes : new long[] {0, 512, 4096, 4608, 8192, 1 << 20})
        {
            final MdBitmap bitmap = MdBitmap.read(new MemoryBlockDevice("empty", bytes));

            assertThat(bitmap.unusable().orElseThrow().cause()).isEqualTo(Cause.NO_SUPERBLOCK);
            assertThat(bitmap.unusable().orElseThrow().reason()).startsWith("empty: found no md superblock");
        }
    }

    @Test
    void shouldRefuseToChooseBetweenTwoSuperblocks()
    {
        final Cause cause = refusal((piece) ->
        {
            for (int i = 0; i < 512; i += 4)
            {
                piece.putInt(i, piece.getInt(SUPERBLOCK + i));
            }
            piece.putLong(144, 0);
            piece.putInt(216, 0);
            piece.putInt(216, checksum(piece, 0));
        });

        assertThat(cause).isEqualTo(Cause.AMBIGUOUS_SUPERBLOCK);
    }

    @Test
    void shouldNotMistakeADiskForItsPartition()
    {
        // a superblock of version 1.0 that lies elsewhere than it says belongs to a partition that ends there too
        final MdFixture ended = new MdFixture("raid1-10");
        final MemoryBlockDevice larger = new MemoryBlockDevice("larger", 25165824 + 4096);
        final ByteBuffer piece = ended.piece(0);
        larger.write(ended.pieceOffset + 4096, piece, 0, ended.pieceBytes);

        assertThat(MdBitmap.read(larger).unusable().orElseThrow().cause()).isEqualTo(Cause.NO_SUPERBLOCK);
    }

    @Test
    void shouldSayThatAMemberCannotBeRead()
    {
        final MdBitmap bitmap = MdBitmap.read(new FailingReads(fixture.members.get(0), 8192));

        assertThat(bitmap.unusable().orElseThrow().cause()).isEqualTo(Cause.UNREADABLE);
        assertThat(bitmap.unusable().orElseThrow().reason()).contains("raid50", "EIO");
    }

    @Test
    void shouldSurviveWhateverLiesThere()
    {
        final long seed = 20261121;
        final SplittableRandom random = new SplittableRandom(seed);
        final ByteBuffer good = fixture.piece(0);
        for (int round = 0; round < 3000; round++)
        {
            final ByteBuffer piece = AlignedBuffers.allocate(fixture.pieceBytes).put(0, good, 0, fixture.pieceBytes);
            for (int i = random.nextInt(1, 6); i > 0; i--)
            {
                final int at = random.nextBoolean() ? SUPERBLOCK + random.nextInt(260) : BITMAP + random.nextInt(260);
                piece.put(at, (byte)random.nextInt());
            }
            sign(piece);
            fixture.write(0, piece);

            final MdBitmap bitmap = MdBitmap.read(fixture.members.get(0));

            for (final ByteRange range : bitmap.dirtyRanges())
            {
                assertThat(range.lengthBytes()).as("seed %d, round %d", seed, round).isPositive();
                assertThat(range.offsetBytes()).isNotNegative()
                    .isLessThanOrEqualTo(bitmap.arrayBytes() - range.lengthBytes());
            }
        }
    }

    private Cause refusal(final Consumer<ByteBuffer> change)
    {
        final ByteBuffer piece = fixture.piece(0);
        change.accept(piece);
        final MdFixture changed = new MdFixture("raid5");
        changed.write(0, piece);
        return MdBitmap.read(changed.members.get(0)).unusable().orElseThrow().cause();
    }

    static void sign(final ByteBuffer piece)
    {
        piece.putInt(SUPERBLOCK + 216, 0);
        piece.putInt(SUPERBLOCK + 216, checksum(piece, SUPERBLOCK));
    }

    private static int checksum(final ByteBuffer piece, final int at)
    {
        long sum = 0;
        for (int i = 0; i < 512; i += 4)
        {
            sum += Integer.toUnsignedLong(piece.getInt(at + i));
        }
        return (int)(sum + (sum >>> 32));
    }
}
