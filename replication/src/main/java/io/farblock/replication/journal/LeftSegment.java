package io.farblock.replication.journal;

import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The records of a segment that a crash left, as they lie in Chronicle's file. Not read through Chronicle: that waits
 * for whoever may still write, makes files of its own beside, and does not open what a power cut has torn at its head,
 * which nobody has been promised anything of.
 *
 * <pre>
 *   0 u32 header   4 content   padded to 4 bytes   and again
 *
 *   header: bits 0-29 length of the content, bit 30 Chronicle's own, bit 31 never finished; 0 where nothing follows
 * </pre>
 *
 * One thread. What cannot be read is {@code -EIO}; behind a record that does not fit, the reading can go on.
 */
final class LeftSegment
{
    static final String SUFFIX = ".cq4";

    private static final int UNFINISHED = 0x8000_0000;
    private static final int OWN = 0x4000_0000;
    private static final int LENGTH = 0x3fff_ffff;

    private final FileChannel channel;
    private final ByteBuffer header = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long position;
    private boolean ended;

    /** Opens it; empty when there is no file in the directory. */
    LeftSegment(final Path directory)
    {
        try
        {
            final Optional<Path> file = file(directory);
            channel = file.isEmpty() ? null : FileChannel.open(file.get(), StandardOpenOption.READ);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** The file with the records; empty before there is one. */
    static Optional<Path> file(final Path directory) throws IOException
    {
        try (Stream<Path> entries = Files.list(directory))
        {
            return entries.filter(entry -> entry.toString().endsWith(SUFFIX)).findFirst();
        }
    }

    void rewind()
    {
        position = 0;
        ended = channel == null;
    }

    /** Reads the next record to the beginning of {@code target}; its length, 0 at the end, -EIO if it does not fit. */
    int read(final ByteBuffer target)
    {
        try
        {
            while (!ended)
            {
                header.clear();
                final int word = channel.read(header, position) == Integer.BYTES ? header.getInt(0) : 0;
                ended = word == 0 || (word & UNFINISHED) != 0;
                final int lengthBytes = word & LENGTH;
                final long at = position + Integer.BYTES;
                // strictly onwards, whatever is found: damage must not make the reading go round in circles
                position = at + (lengthBytes + 3L & ~3L);
                if (!ended && (word & OWN) == 0)
                {
                    return content(target, at, lengthBytes);
                }
            }
            return 0;
        }
        catch (final IOException ex)
        {
            ended = true;
            return -Errno.EIO;
        }
    }

    private int content(final ByteBuffer target, final long at, final int lengthBytes) throws IOException
    {
        if (lengthBytes == 0 || lengthBytes > target.capacity())
        {
            return -Errno.EIO;
        }
        target.clear().limit(lengthBytes);
        while (target.hasRemaining())
        {
            if (channel.read(target, at + target.position()) < 0)
            {
                ended = true;
                return -Errno.EIO;
            }
        }
        target.clear();
        return lengthBytes;
    }

    void close()
    {
        try
        {
            if (channel != null)
            {
                channel.close();
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
