package io.farblock.replication.identity;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.replication.lineage.RecordFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Small text files that are there as a whole or not at all, whenever the power goes: written beside, flushed, renamed.
 * A command that runs as root leaves what it writes to the owner of the directory, so that the daemon can read it.
 * Stateless; failures are thrown as they come from the file system.
 */
final class DurableFile
{
    static final Set<PosixFilePermission> SECRET = PosixFilePermissions.fromString("rw-------");
    static final Set<PosixFilePermission> PUBLIC = PosixFilePermissions.fromString("rw-r--r--");
    static final int LARGEST_BYTES = 64 << 10;
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    /** Work on a directory that other processes keep out of meanwhile. */
    interface Work
    {
        void run() throws IOException;
    }

    private DurableFile()
    {
    }

    /** Whether there is anything of this name, be it a link to a disk that is not mounted. */
    static boolean exists(final Path file)
    {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    static String read(final Path file) throws IOException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            final byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES)
            {
                throw new IdentityException(file + ": found more than " + LARGEST_BYTES +
                    " bytes, expected a small text file");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    static void write(final Path file, final String text, final Set<PosixFilePermission> permissions) throws IOException
    {
        prepare(file, text, permissions);
        publish(file);
    }

    /** Where the text waits, durable and whole, until it is published. */
    static Path waiting(final Path file)
    {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    static void prepare(final Path file, final String text, final Set<PosixFilePermission> permissions)
        throws IOException
    {
        final Path fresh = waiting(file);
        Files.deleteIfExists(fresh);
        // CREATE_NEW with the mode: nobody else can have it open when the first byte of a key is written.
        try (FileChannel channel = FileChannel.open(fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(permissions)))
        {
            ownLikeDirectory(fresh);
            final ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
            // Before the rename: else a power cut may leave the final name on an empty file.
            channel.force(true);
        }
        RecordFile.syncDirectory(fresh.toAbsolutePath().getParent(), FileSync.KERNEL);
    }

    static void publish(final Path file) throws IOException
    {
        Files.move(waiting(file), file, StandardCopyOption.ATOMIC_MOVE);
        RecordFile.syncDirectory(file.toAbsolutePath().getParent(), FileSync.KERNEL);
    }

    /** Makes a directory and whatever is missing above it; only the owner gets into what is made. */
    static void makeDirectories(final Path directory) throws IOException
    {
        RecordFile.makeDirectories(directory.toAbsolutePath(), missing ->
        {
            Files.createDirectory(missing, PosixFilePermissions.asFileAttribute(DIRECTORY));
            ownLikeDirectory(missing);
        }, FileSync.KERNEL);
    }

    /** Alone among the processes that do the same; within this one, too. */
    static void locked(final Path directory, final Work work) throws IOException
    {
        final Path file = directory.resolve(".lock");
        synchronized (DurableFile.class)
        {
            try (FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(SECRET)))
            {
                // Held until the channel closes, or the process dies.
                channel.lock();
                ownLikeDirectory(file);
                work.run();
            }
        }
    }

    private static void ownLikeDirectory(final Path file) throws IOException
    {
        if (!Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0))
        {
            return;
        }
        final PosixFileAttributes directory =
            Files.readAttributes(file.toAbsolutePath().getParent(), PosixFileAttributes.class);
        // Not through a link: the directory's owner might have put one here that leads to a file of root's.
        final PosixFileAttributeView view =
            Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        final PosixFileAttributes present = view.readAttributes();
        final boolean isAlone = Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS).equals(1);
        if (!isAlone && !present.isDirectory() && !present.owner().equals(directory.owner()))
        {
            // A second name is no link to be followed: it is the other file, and giving this one away gives that away.
            throw new IdentityException(file + ": found a file with several names, expected one of its own; remove it");
        }
        // Asked for only where it changes something: a service's sandbox refuses the call even when it would not.
        if (!present.group().equals(directory.group()))
        {
            view.setGroup(directory.group());
        }
        if (!present.owner().equals(directory.owner()))
        {
            view.setOwner(directory.owner());
        }
    }
}
