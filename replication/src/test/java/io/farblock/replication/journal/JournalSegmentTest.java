package io.farblock.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import io.farblock.replication.wire.Frames;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalSegmentTest
{
    @TempDir
    private Path directory;
    private final ByteBuffer target = AlignedBuffers.allocate(100_000);

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldGiveBackEveryFrameInThisLifeAndTheNext(final long seed) throws IOException
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<ByteBuffer> frames = new ArrayList<>();
        final Path path = directory.resolve("s");
        try (JournalSegment segment = JournalSegment.create(path, 1 << 30, 0, FileSync.KERNEL))
        {
            for (int i = 0; i < 500; i++)
            {
                frames.add(frame(random, i));
                assertThat(append(segment, frames.get(i))).isZero();
            }
            frames.add(Frames.heartbeat(500));
            assertThat(segment.isSealed()).isFalse();
            assertThat(seal(segment, frames.get(500))).isZero();

            assertThat(segment.isSealed()).isTrue();
            assertHolds(segment, frames, "seed " + seed);
            assertHolds(segment, frames, "again, seed " + seed);
        }
        try (JournalSegment segment = JournalSegment.open(path))
        {
            assertThat(segment.isSealed()).isTrue();
            assertHolds(segment, frames, "reopened, seed " + seed);
            assertThat(append(segment, frames.get(0))).isEqualTo(-Errno.EDQUOT);
            segment.delete();
        }
        assertThat(path).doesNotExist();
    }

    /** Over several of Chronicle's mapped chunks, with its own records in between. */
    @Test
    void shouldReadOfALargeSegmentWhatChronicleReadsOfIt() throws IOException
    {
        final SplittableRandom random = new SplittableRandom(5);
        final Path path = directory.resolve("large");
        int appended = 0;
        try (JournalSegment segment = JournalSegment.create(path, 1 << 30, 0, FileSync.KERNEL))
        {
            while (segment.bytes() < 150 << 20)
            {
                assertThat(append(segment, frame(random, appended++))).as("seed 5").isZero();
            }
        }

        try (JournalSegment segment = JournalSegment.open(path);
            ChronicleQueue queue = SingleChronicleQueueBuilder.binary(path).rollCycle(LargeRollCycles.LARGE_DAILY)
                .timeProvider(() -> 0).build())
        {
            final ExcerptTailer tailer = queue.createTailer();
            segment.rewind();
            for (int i = 0; i < appended; i++)
            {
                final int length = segment.read(target);
                try (DocumentContext document = tailer.readingDocument())
                {
                    assertThat(document.isPresent()).as("record %d", i).isTrue();
                    final ByteBuffer theirs = ByteBuffer.allocateDirect((int)document.wire().bytes().readRemaining());
                    document.wire().bytes().read(theirs);
                    assertThat(target.duplicate().limit(length).position(0)).as("record %d, seed 5", i)
                        .isEqualTo(theirs.clear());
                }
            }
            assertThat(segment.read(target)).isZero();
            assertThat(tailer.readingDocument().isPresent()).isFalse();
        }
    }

    /** Nobody was promised anything of it; Chronicle would wait for whoever may still be writing it. */
    @Test
    void shouldFindNothingInASegmentWhoseHeadWasTorn() throws Exception
    {
        final Path path = directory.resolve("torn");
        Files.createDirectories(path);
        final byte[] head = new byte[8192];
        head[4] = 'x';
        Files.write(path.resolve("19700101.cq4"), head);

        try (JournalSegment segment = JournalSegment.open(path))
        {
            segment.rewind();

            assertThat(segment.read(ByteBuffer.allocateDirect(4096))).isZero();
        }
    }

    @Test
    void shouldKeepWhatItHasWhenItsLimitIsReached() throws IOException
    {
        final SplittableRandom random = new SplittableRandom(1);
        final List<ByteBuffer> frames = new ArrayList<>();
        try (JournalSegment segment = JournalSegment.create(directory.resolve("s"), 200_000, 0, FileSync.KERNEL))
        {
            ByteBuffer next = frame(random, 0);
            int result = append(segment, next);
            while (result == 0)
            {
                frames.add(next);
                next = frame(random, frames.size());
                result = append(segment, next);
            }

            assertThat(result).isEqualTo(-Errno.EDQUOT);
            assertThat(segment.bytes()).isLessThanOrEqualTo(200_000 + 16 * frames.size());
            assertHolds(segment, frames, "at the limit");
        }
    }

    @Test
    void shouldSayWhichRecordIsDamaged() throws IOException
    {
        final Path path = write(20, 3000);
        flip(path, 10);
        try (JournalSegment segment = JournalSegment.open(path))
        {
            segment.rewind();
            for (int i = 0; i < 20; i++)
            {
                final int result = segment.read(target);

                assertThat(result).as("record %d", i).matches(length -> length > 0, "whole");
                if (i == 9)
                {
                    assertThat(segment.read(target)).isEqualTo(-Errno.EIO);
                    i++;
                }
            }
            assertThat(segment.read(target)).isZero();
        }
    }

    @Test
    void shouldEndBeforeWhatIsCutOff() throws IOException
    {
        final Path path = write(20, 3000);
        try (RandomAccessFile file = new RandomAccessFile(SegmentBytes.file(path).toFile(), "rw"))
        {
            file.setLength(positionOf(SegmentBytes.file(path), 15) + 100);
        }
        try (JournalSegment segment = JournalSegment.open(path))
        {
            segment.rewind();
            int whole = 0;
            while (segment.read(target) > 0)
            {
                whole++;
            }

            assertThat(whole).isEqualTo(15);
        }
    }

    @Test
    void shouldRefuseToBeginWithoutItsReserve()
    {
        final Path path = directory.resolve("s");

        assertThatThrownBy(() -> JournalSegment.create(path, 1 << 20, Long.MAX_VALUE, FileSync.KERNEL))
            .isInstanceOf(IOException.class).hasMessageContaining("journal_reserve");

        assertThat(path).doesNotExist();
    }

    @Test
    void shouldBeDeletedTwiceAndSurviveThatItsDirectoryIsGone() throws IOException
    {
        final Path path = directory.resolve("s");
        try (JournalSegment segment = JournalSegment.create(path, 1 << 30, 0, FileSync.KERNEL))
        {
            append(segment, Frames.heartbeat(1));
            JournalSegment.delete(path);

            segment.delete();
        }

        assertThat(path).doesNotExist();
    }

    @Test
    void shouldSayThatTheDiskIsFullAndKeepWhatItHas() throws Exception
    {
        final Path mount = Files.createDirectory(directory.resolve("small"));
        if (run("mount", "-t", "tmpfs", "-o", "size=48m", "none", mount.toString()) != 0)
        {
            skip("no tmpfs");
        }
        try (JournalSegment segment = JournalSegment.create(mount.resolve("s"), 1L << 40, 0, FileSync.KERNEL))
        {
            final SplittableRandom random = new SplittableRandom(1);
            final List<ByteBuffer> frames = new ArrayList<>();
            ByteBuffer next = frame(random, 0);
            int result = append(segment, next);
            while (result == 0)
            {
                frames.add(next);
                next = frame(random, frames.size());
                result = append(segment, next);
            }

            assertThat(result).isEqualTo(-Errno.ENOSPC);
            assertThat(append(segment, next)).isEqualTo(-Errno.ENOSPC);
            assertHolds(segment, frames, "on a full disk");
        }
        finally
        {
            assertThat(run("umount", "-l", mount.toString())).isZero();
        }
    }

    private Path write(final int count, final int length) throws IOException
    {
        final Path path = directory.resolve("s");
        try (JournalSegment segment = JournalSegment.create(path, 1 << 30, 0, FileSync.KERNEL))
        {
            for (int i = 0; i < count; i++)
            {
                final byte[] content = new byte[length];
                new SplittableRandom(i).nextBytes(content);
                assertThat(append(segment, Frames.block(i, 1, i, content, 0))).isZero();
            }
        }
        return path;
    }

    private void assertHolds(final JournalSegment segment, final List<ByteBuffer> frames, final String what)
    {
        segment.rewind();
        for (final ByteBuffer frame : frames)
        {
            final int length = segment.read(target);
            assertThat(length).as(what).isEqualTo(frame.capacity());
            assertThat(target.duplicate().limit(length).position(0)).as(what).isEqualTo(frame.duplicate().clear());
        }
        assertThat(segment.read(target)).as(what).isZero();
        assertThat(segment.framesRead()).as(what).isEqualTo(segment.frames()).isEqualTo(frames.size());
    }

    private static ByteBuffer frame(final SplittableRandom random, final int number)
    {
        final byte[] content = new byte[1 + random.nextInt(65536)];
        random.nextBytes(content);
        return random.nextInt(5) == 0 ? Frames.heartbeat(number) : Frames.block(number, 1, number, content, 0);
    }

    private static int append(final JournalSegment segment, final ByteBuffer frame)
    {
        return segment.append(frame, 0, frame.capacity());
    }

    private static int seal(final JournalSegment segment, final ByteBuffer frame)
    {
        return segment.seal(frame, 0, frame.capacity());
    }

    private static void flip(final Path segment, final int record) throws IOException
    {
        final Path file = SegmentBytes.file(segment);
        final long at = positionOf(file, record) + 500;
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw"))
        {
            access.seek(at);
            final int value = access.read();
            access.seek(at);
            access.write(value ^ 1);
        }
    }

    /** Where the content of a block begins in the file. */
    private static long positionOf(final Path file, final int record) throws IOException
    {
        final byte[] content = new byte[8];
        new SplittableRandom(record).nextBytes(content);
        return SegmentBytes.positionOf(file, content);
    }

    private static int run(final String... command) throws Exception
    {
        return new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start().waitFor();
    }

    private static void skip(final String reason)
    {
        if ("true".equals(System.getenv("FARBLOCK_REQUIRE_ROOT_TESTS")))
        {
            throw new AssertionError("needs root: " + reason);
        }
        System.out.println("skipped, needs root: " + reason);
        Assumptions.abort(reason);
    }
}
