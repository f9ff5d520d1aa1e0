package io.farblock.replication.lineage;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.FileSync;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.CRC32C;

/**
 * A {@link VolumeRecord} in a file of readable lines, the last of which is the CRC32C of those before:
 *
 * <pre>
 *   sizeBytes=1073741824
 *   ...
 *   crc32c=1f2e3d4c
 * </pre>
 *
 * Replaced as a whole: after a crash the old record is there or the new one. One owning thread.
 */
public final class RecordFile
{
    private static final String CRC = "crc32c=";

    private final Path path;
    private final FileSync sync;

    /** Makes one directory. */
    public interface DirectoryMaker
    {
        void make(Path directory) throws IOException;
    }

    /** @param sync makes it durable. */
    public RecordFile(final Path path, final FileSync sync)
    {
        this.path = path;
        this.sync = sync;
    }

    /**
     * The record, or empty when there is none yet.
     *
     * @throws IOException when the file cannot be read or is damaged; the message names it and what to do.
     */
    public Optional<VolumeRecord> read() throws IOException
    {
        if (!Files.exists(path))
        {
            return Optional.empty();
        }
        // Latin-1 takes any byte: a damaged one is to be found by the CRC, not by a decoder.
        final String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        final int crcAt = text.lastIndexOf(CRC);
        if (crcAt < 0 || !text.substring(crcAt).strip().equals(CRC + crcOf(text.substring(0, crcAt))))
        {
            throw new IOException(path + ": the record is damaged (its CRC32C does not fit); remove the volume's " +
                "state directory " + path.getParent() + " to have the copy compared with the other side");
        }
        final Properties lines = new Properties();
        lines.load(new StringReader(text.substring(0, crcAt)));
        try
        {
            return Optional.of(new VolumeRecord(
                Long.parseLong(lines.getProperty("sizeBytes")),
                Integer.parseInt(lines.getProperty("blockBytes")),
                Long.parseLong(lines.getProperty("sealedEpoch")),
                lines.getProperty("root"),
                Consistency.of(lines.getProperty("consistency")),
                Boolean.parseBoolean(lines.getProperty("settled")),
                Long.parseLong(lines.getProperty("windowFirst")),
                Long.parseLong(lines.getProperty("windowCount"))));
        }
        catch (final NumberFormatException ex)
        {
            throw new IOException(path + ": " + ex.getMessage() + "; written by another version?", ex);
        }
    }

    /** Replaces the record durably. */
    public void write(final VolumeRecord record) throws IOException
    {
        final String body =
            "sizeBytes=" + record.sizeBytes() + "\n" +
            "blockBytes=" + record.blockBytes() + "\n" +
            "sealedEpoch=" + record.sealedEpoch() + "\n" +
            "root=" + record.root() + "\n" +
            "consistency=" + record.consistency().text() + "\n" +
            "settled=" + record.settled() + "\n" +
            "windowFirst=" + record.windowFirst() + "\n" +
            "windowCount=" + record.windowCount() + "\n";
        final Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(fresh,
            StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(body + CRC + crcOf(body) + "\n");
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
            // Before the rename: else a power cut may leave the new name on an empty file.
            sync.fsync(channel, fresh);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(path.getParent(), sync);
    }

    /** Makes a directory and whatever is missing above it, each name durable. */
    public static void makeDirectories(final Path directory, final FileSync sync) throws IOException
    {
        makeDirectories(directory, Files::createDirectory, sync);
    }

    /** As the other one; {@code maker} makes one directory whose parent is there, with the rights it is to have. */
    public static void makeDirectories(final Path directory, final DirectoryMaker maker, final FileSync sync)
        throws IOException
    {
        if (!Files.isDirectory(directory))
        {
            makeDirectories(directory.getParent(), maker, sync);
            try
            {
                maker.make(directory);
            }
            catch (final FileAlreadyExistsException ex)
            {
                if (!Files.isDirectory(directory))
                {
                    throw ex;
                }
                // Somebody else wants the same and was faster.
            }
            // Else a power cut may take the name back, and with it a journal whose records were flushed.
            syncDirectory(directory.getParent(), sync);
        }
    }

    /** Removes the record durably; nothing happens when there is none. */
    public void delete() throws IOException
    {
        if (Files.deleteIfExists(path))
        {
            syncDirectory(path.getParent(), sync);
        }
    }

    /** Makes names that were created, renamed or removed in a directory durable. */
    public static void syncDirectory(final Path directory, final FileSync sync) throws IOException
    {
        // Without this, a power cut may bring the old name back although the new file was flushed.
        final int result = sync.fsyncDirectory(directory);
        if (result < 0)
        {
            throw new IOException("the names in " + directory + " cannot be made durable: " + Errno.describe(result));
        }
    }

    private static String crcOf(final String body)
    {
        final CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }
}
