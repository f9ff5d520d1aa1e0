package io.farblock.replication.journal;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.FileSync;
import io.farblock.blockdev.linux.NativeFile;
import io.farblock.replication.wire.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LargeRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt's frames on disk.
 *
 * <p>Chronicle maps the file and leaves durability to the kernel, so the segment keeps a descriptor of its own: space
 * is allocated ahead of every append (a full disk is then an error code instead of a SIGBUS in the middle of a record),
 * {@link #seal} flushes mapped pages, and the directory is flushed when the file has its name.
 *
 * <p>One thread. Failures are {@code -errno}: {@code -ENOSPC} when the disk is full, {@code -EDQUOT} when the segment
 * has reached its limit.
 */
public final class JournalSegment implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.journal");
    private static final int MAP_BYTES = 64 << 20;
    private static final long ALLOCATE_BYTES = 16 << 20;
    private static final long WRITE_BACK_BYTES = 8 << 20;
    /** Chronicle's own headers and index pages, at most, between two records. */
    private static final long MARGIN_BYTES = 4 << 20;
    /** Chronicle's header and padding of one record, at most. */
    private static final int RECORD_OVERHEAD_BYTES = 16;
    /** One file a segment: Chronicle rolls by its clock, and this clock stands still. */
    private static final long FIXED_TIME_MS = 0;
    /** The name of an empty file beside the records. */
    private static final String SEALED = "sealed";

    private final Path directory;
    private final ChronicleQueue queue;
    /** Of a segment that is only read; else null. */
    private final LeftSegment left;
    private final Frame frame = new Frame();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final long limitBytes;
    private final FileSync sync;
    private ExcerptAppender appender;
    private ExcerptTailer tailer;
    private NativeFile file;
    private long bytes;
    private long frames;
    private long framesRead;
    private long allocated;
    private long writtenBack;
    private boolean failed;

    private JournalSegment(final Path directory, final long limitBytes, final FileSync sync)
    {
        this.sync = sync;
        this.directory = directory;
        this.limitBytes = limitBytes;
        this.left = null;
        this.queue = SingleChronicleQueueBuilder.binary(directory)
            .rollCycle(LargeRollCycles.LARGE_DAILY)
            .timeProvider(() -> FIXED_TIME_MS)
            .blockSize(MAP_BYTES)
            .build();
    }

    private JournalSegment(final Path directory)
    {
        this.sync = FileSync.KERNEL;
        this.directory = directory;
        this.limitBytes = 0;
        this.queue = null;
        this.left = new LeftSegment(directory);
    }

    /**
     * A new, empty segment.
     *
     * @param limitBytes   what it may grow to.
     * @param reserveBytes what must remain free on its file system.
     * @param sync         makes it durable.
     * @throws IOException when there is no room for it, or it cannot be made.
     */
    public static JournalSegment create(
        final Path directory, final long limitBytes, final long reserveBytes, final FileSync sync) throws IOException
    {
        Files.createDirectories(directory);
        final long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < reserveBytes)
        {
            Files.delete(directory);
            throw new IOException("journal " + directory + ": " + usable + " bytes free, expected at least " +
                reserveBytes + " (journal_reserve): free some space");
        }
        return new JournalSegment(directory, limitBytes, sync);
    }

    /** A segment that a crash may have left, to be read. */
    public static JournalSegment open(final Path directory)
    {
        return new JournalSegment(directory);
    }

    /** Appends one whole frame; 0 or -errno. After an error nothing of the frame is there. */
    public int append(final ByteBuffer source, final int offset, final int lengthBytes)
    {
        if (failed)
        {
            return -Errno.EIO;
        }
        if (bytes + lengthBytes > limitBytes)
        {
            return -Errno.EDQUOT;
        }
        try
        {
            if (appender == null)
            {
                appender = queue.createAppender();
                appender.singleThreadedCheckDisabled(true);
            }
            final int result = file == null ? 0 : allocate(lengthBytes);
            if (result < 0)
            {
                return result;
            }
            write(source, offset, lengthBytes);
            bytes += lengthBytes + RECORD_OVERHEAD_BYTES;
            frames++;
            if (file == null)
            {
                return openFile();
            }
            if (bytes - writtenBack > WRITE_BACK_BYTES)
            {
                // Started early, so that the seal finds little left to flush.
                file.startWriteback(0, 0);
                writtenBack = bytes;
            }
            return 0;
        }
        catch (final InternalError | IllegalStateException ex)
        {
            // A mapped page that could not be filled: the disk is full or broken. Nothing of this segment is trusted.
            failed = true;
            return -Errno.EIO;
        }
    }

    /**
     * Appends the last frame, makes the segment durable and marks it as sealed; 0 or -errno. A failure is final: the
     * kernel has dropped the pages.
     */
    public int seal(final ByteBuffer source, final int offset, final int lengthBytes)
    {
        final int appended = append(source, offset, lengthBytes);
        if (appended < 0)
        {
            return appended;
        }
        // Before the mark: else a power cut leaves one that vouches for records that are not there.
        final int flushed = sync.fdatasync(file);
        final int result = flushed < 0 ? flushed : mark();
        failed = result < 0;
        return result;
    }

    /** Whether it was marked: then nothing of it may be missing. */
    public boolean isSealed()
    {
        return Files.exists(directory.resolve(SEALED));
    }

    /** Bytes appended, headers included. */
    public long bytes()
    {
        return bytes;
    }

    /** Frames in it: as many as were appended, or as the fullest reading of what a crash left has found. */
    public long frames()
    {
        return frames;
    }

    /** Whole frames read since the last {@link #rewind()}. */
    public long framesRead()
    {
        return framesRead;
    }

    /** Begins to read at the first frame. */
    public void rewind()
    {
        framesRead = 0;
        if (left != null)
        {
            left.rewind();
            return;
        }
        if (tailer == null)
        {
            tailer = queue.createTailer();
            tailer.singleThreadedCheckDisabled(true);
        }
        tailer.toStart();
    }

    /**
     * Reads the next frame to the beginning of {@code target}.
     *
     * @return its length; 0 at the end; {@code -EIO} at a record that is damaged: nothing after it can be trusted.
     */
    public int read(final ByteBuffer target)
    {
        final int lengthBytes = left == null ? readLive(target) : left.read(target);
        if (lengthBytes <= 0)
        {
            return lengthBytes;
        }
        if (lengthBytes < Frame.BODY_OFFSET)
        {
            return -Errno.EIO;
        }
        view.wrap(target, 0, lengthBytes);
        if (target.getInt(Frame.LENGTH_OFFSET) != lengthBytes - Frame.BODY_OFFSET ||
            !frame.isIntact(view, target, 0, lengthBytes))
        {
            return -Errno.EIO;
        }
        framesRead++;
        frames = Math.max(frames, framesRead);
        return lengthBytes;
    }

    private int readLive(final ByteBuffer target)
    {
        try (DocumentContext document = tailer.readingDocument())
        {
            if (!document.isPresent())
            {
                return 0;
            }
            final Bytes<?> record = document.wire().bytes();
            final long length = record.readRemaining();
            if (length == 0 || length > target.capacity())
            {
                return -Errno.EIO;
            }
            target.clear().limit((int)length);
            record.read(target);
            target.clear();
            return (int)length;
        }
        catch (final RuntimeException ex)
        {
            return -Errno.EIO;
        }
    }

    @Override
    public void close()
    {
        if (file != null)
        {
            file.close();
            file = null;
        }
        if (left != null)
        {
            left.close();
        }
        else
        {
            queue.close();
        }
    }

    /** Closes the segment and removes it from disk. */
    public void delete()
    {
        close();
        delete(directory);
    }

    /** Removes a segment's directory. What cannot be removed now is removed at the next start. */
    public static void delete(final Path directory)
    {
        try (Stream<Path> entries = Files.list(directory))
        {
            final List<Path> files = entries.toList();
            // First: a mark without its records would look like damage to what was promised.
            Files.deleteIfExists(directory.resolve(SEALED));
            for (final Path entry : files)
            {
                Files.deleteIfExists(entry);
            }
            Files.deleteIfExists(directory);
        }
        catch (final IOException ex)
        {
            LOG.warn("journal={} state=not-removed reason=\"{}\"", directory, ex.getMessage());
        }
    }

    private void write(final ByteBuffer source, final int offset, final int lengthBytes)
    {
        final DocumentContext document = appender.writingDocument();
        try
        {
            final Bytes<?> target = document.wire().bytes();
            target.write(target.writePosition(), source, offset, lengthBytes);
            target.writeSkip(lengthBytes);
        }
        catch (final RuntimeException | InternalError ex)
        {
            // Without this, closing the document would commit half a record.
            document.rollbackOnClose();
            throw ex;
        }
        finally
        {
            document.close();
        }
    }

    private int allocate(final int lengthBytes)
    {
        final long needed = bytes + lengthBytes + MARGIN_BYTES;
        if (needed <= allocated)
        {
            return 0;
        }
        final int result = file.allocate(0, needed + ALLOCATE_BYTES);
        if (result == 0 || result == -Errno.EOPNOTSUPP)
        {
            allocated = needed + ALLOCATE_BYTES;
            return 0;
        }
        return result;
    }

    /**
     * Beside the records and not among them: whether something was promised must not hang on bytes that may be damaged.
     */
    private int mark()
    {
        try
        {
            Files.createFile(directory.resolve(SEALED));
            // Before the seal is told: else a power cut takes the mark back, and damage then looks like a torn end.
            return sync.fsyncDirectory(directory);
        }
        catch (final IOException ex)
        {
            LOG.warn("journal={} state=not-sealed reason=\"{}\"", directory, ex.getMessage());
            return -Errno.EIO;
        }
    }

    private int openFile()
    {
        try
        {
            final Path path = LeftSegment.file(directory).orElseThrow();
            file = NativeFile.open(path, true);
            // Before any acknowledgement: else a power cut may leave the frames in a file without a name.
            final int result = sync.fsyncDirectory(directory);
            final int parent = sync.fsyncDirectory(directory.getParent());
            failed = result < 0 || parent < 0;
            return Math.min(result, parent);
        }
        catch (final IOException | NoSuchElementException ex)
        {
            failed = true;
            return -Errno.EIO;
        }
    }
}
