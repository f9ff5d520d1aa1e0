package io.farblock.replication.marks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.powersim.VolatileDevice;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read back is a round that was written, whole; anything else is refused by name. */
class MarkFileTest
{
    private static final UUID VOLUME = new UUID(3, 4);
    private static final UUID BOOT = new UUID(5, 6);
    /** Three pages, the last of which is not full. */
    private static final long SIZE_BYTES = 5L << 30;
    private static final byte[] FINGERPRINT = new byte[MarkHeader.FINGERPRINT_BYTES];

    private final MemoryBlockDevice memory = new MemoryBlockDevice("marks", MarkFile.bytes(SIZE_BYTES));

    @Test
    void shouldBeNothingBeforeTheFirstRound() throws Exception
    {
        final MarkFile file = new MarkFile(memory, VOLUME, SIZE_BYTES);

        assertThat(file.read()).isNull();
        assertThat(file.pageCount()).isEqualTo(3);
        assertThat(file.markedBytes()).isZero();
    }

    @Test
    void shouldReadWhatWasWritten() throws Exception
    {
        final MarkFile file = written(memory, 0x1_0000_0001L, 0, 7);
        FINGERPRINT[3] = 9;
        file.write(BOOT, 77, "a gap", true, FINGERPRINT);

        final MarkFile again = new MarkFile(memory, VOLUME, SIZE_BYTES);
        final MarkHeader header = again.read();

        assertThat(header.sequence()).isEqualTo(2);
        assertThat(header.boot()).isEqualTo(BOOT);
        assertThat(header.beganMs()).isEqualTo(77);
        assertThat(header.incomplete()).isEqualTo("a gap");
        assertThat(header.clean()).isTrue();
        assertThat(header.isFingerprint(FINGERPRINT)).isTrue();
        assertThat(contentOf(again)).isEqualTo(List.of(0x1_0000_0001L, 0L, 7L));
        assertThat(again.markedBytes()).isEqualTo(5 * 65536);
    }

    @Test
    void shouldWriteOnlyPagesThatChanged() throws Exception
    {
        final MarkFile file = written(memory, 1, 2, 3);
        final ByteBuffer before = image();

        assertThat(file.set(1, words(2))).isFalse();
        assertThat(file.set(2, words(0))).isTrue();
        file.write(BOOT, 1, "", false, FINGERPRINT);

        final ByteBuffer after = image();
        final List<Integer> changed = new ArrayList<>();
        for (int place = 0; place < before.capacity() / 4096; place++)
        {
            if (before.slice(place * 4096, 4096).mismatch(after.slice(place * 4096, 4096)) >= 0)
            {
                changed.add(place);
            }
        }
        assertThat(changed).as("one header, one page").containsExactly(0, 6);
        assertThat(contentOf(reread(memory))).isEqualTo(List.of(1L, 2L, 0L));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 2000, 4092})
    void shouldFallBackToTheRoundBeforeWhenAPageIsTorn(final int at) throws Exception
    {
        final MarkFile file = written(memory, 1, 2, 3);
        file.set(0, words(9));
        file.set(2, words(8));
        file.write(BOOT, 2, "", false, FINGERPRINT);
        damage(2 * 4096 + at);

        final MarkFile again = reread(memory);

        assertThat(contentOf(again)).isEqualTo(List.of(1L, 2L, 3L));
    }

    @Test
    void shouldNotBringPagesOfACutRoundToLifeLater() throws Exception
    {
        final MarkFile file = written(memory, 1, 2, 3);
        file.set(0, words(9));
        file.set(2, words(8));
        file.write(BOOT, 2, "", false, FINGERPRINT);
        damage(2 * 4096);
        final MarkFile again = reread(memory);
        again.set(1, words(5));
        again.write(BOOT, 3, "", false, FINGERPRINT);

        assertThat(contentOf(reread(memory))).isEqualTo(List.of(1L, 5L, 3L));
    }

    @Test
    void shouldRefuseWhatWasDamagedAfterItWasWhole() throws Exception
    {
        written(memory, 1, 2, 3);
        damage(4 * 4096 + 100);
        damage(5 * 4096 + 100);

        assertThatThrownBy(() -> reread(memory)).isInstanceOf(MarkException.class)
            .hasMessageContaining("pages that do not belong together");
    }

    @Test
    void shouldRefuseAFileWithoutAWholeHeader() throws Exception
    {
        written(memory, 1, 2, 3);
        damage(100);
        damage(4096 + 100);

        assertThatThrownBy(() -> reread(memory)).isInstanceOf(MarkException.class).hasMessageContaining("no header");
    }

    @Test
    void shouldRefuseAnotherVolumeSizeOrVersion() throws Exception
    {
        written(memory, 1, 2, 3);

        assertThatThrownBy(() -> new MarkFile(memory, BOOT, SIZE_BYTES).read())
            .hasMessageContaining("found a map of the volume " + VOLUME)
            .hasMessageContaining("expected one of " + BOOT);
        assertThatThrownBy(() -> new MarkFile(memory, VOLUME, SIZE_BYTES - 4096).read())
            .hasMessageContaining("found a map of a volume of " + SIZE_BYTES);
        for (int place = 0; place < 2; place++)
        {
            final ByteBuffer header = AlignedBuffers.allocate(4096);
            memory.read(place * 4096L, header, 0, 4096);
            header.put(0, (byte)2);
            header.putInt(4092, MarkHeader.crc(header));
            memory.write(place * 4096L, header, 0, 4096);
        }
        assertThatThrownBy(() -> reread(memory)).hasMessageContaining("found version 2, expected version 1");
    }

    @Test
    void shouldTakeNoMoreAfterAFlushThatFailed() throws Exception
    {
        final FaultyDisk disk = new FaultyDisk(memory);
        final MarkFile file = written(disk, 1, 2, 3);
        final DiskFault fault = new DiskFault.Loss(Errno.EIO);
        disk.inject(fault);
        file.set(0, words(9));
        assertThatThrownBy(() -> file.write(BOOT, 2, "", false, FINGERPRINT)).isInstanceOf(MarkException.class);
        disk.heal(fault);

        assertThatThrownBy(() -> file.write(BOOT, 3, "", false, FINGERPRINT)).isInstanceOf(MarkException.class)
            .hasMessageContaining("failed before");
    }

    /** Random pages on a disk that forgets what was not flushed: the last round is there, or the one before. */
    @Test
    void shouldSurviveAPowerCutAnywhere() throws Exception
    {
        final Random random = new Random(11);
        for (int life = 0; life < 200; life++)
        {
            final VolatileDevice disk = new VolatileDevice(new MemoryBlockDevice("marks", MarkFile.bytes(SIZE_BYTES)));
            List<Long> durable = contentOf(written(disk, 1, 0, 2));
            for (int cut = 0; cut < 4; cut++)
            {
                final FaultyDisk faulty = new FaultyDisk(disk);
                final MarkFile file = reread(faulty);
                assertThat(contentOf(file)).as("life %d cut %d", life, cut).isEqualTo(durable);
                for (int rounds = random.nextInt(4); rounds > 0; rounds--)
                {
                    change(file, random);
                    file.write(BOOT, rounds, "", false, FINGERPRINT);
                }
                durable = contentOf(file);
                change(file, random);
                final List<Long> attempted = contentOf(file);
                faulty.inject(new DiskFault.FailingFlush(1));
                assertThatThrownBy(() -> file.write(BOOT, 9, "", false, FINGERPRINT)).hasMessageContaining("flush");
                disk.cut(random.nextLong());
                disk.restore();

                final List<Long> found = contentOf(reread(disk));

                assertThat(found).as("life %d cut %d", life, cut).isIn(durable, attempted);
                durable = found;
            }
        }
    }

    private static void change(final MarkFile file, final Random random)
    {
        for (int page = 0; page < file.pageCount(); page++)
        {
            if (random.nextBoolean())
            {
                file.set(page, words(random.nextInt(4)));
            }
        }
    }

    private static MarkFile written(final BlockDevice device, final long... first) throws MarkException
    {
        final MarkFile file = new MarkFile(device, VOLUME, SIZE_BYTES);
        assertThat(file.read()).isNull();
        for (int page = 0; page < first.length; page++)
        {
            file.set(page, words(first[page]));
        }
        file.write(BOOT, 1, "", false, FINGERPRINT);
        return file;
    }

    private static MarkFile reread(final BlockDevice device) throws MarkException
    {
        final MarkFile file = new MarkFile(device, VOLUME, SIZE_BYTES);
        file.read();
        return file;
    }

    private static long[] words(final long first)
    {
        final long[] words = new long[MarkFile.WORDS_PER_PAGE];
        words[0] = first;
        return words;
    }

    private static List<Long> contentOf(final MarkFile file)
    {
        final List<Long> content = new ArrayList<>();
        final long[] words = new long[MarkFile.WORDS_PER_PAGE];
        for (int page = 0; page < file.pageCount(); page++)
        {
            file.get(page, words);
            content.add(words[0]);
        }
        return content;
    }

    private ByteBuffer image()
    {
        final ByteBuffer all = AlignedBuffers.allocate((int)MarkFile.bytes(SIZE_BYTES));
        memory.read(0, all, 0, all.capacity());
        return all;
    }

    private void damage(final int at)
    {
        final ByteBuffer sector = AlignedBuffers.allocate(4096);
        memory.read(at & -4096, sector, 0, 4096);
        sector.put(at & 4095, (byte)(sector.get(at & 4095) + 1));
        memory.write(at & -4096, sector, 0, 4096);
    }
}
