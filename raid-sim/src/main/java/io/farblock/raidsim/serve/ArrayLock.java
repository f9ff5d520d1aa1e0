package io.farblock.raidsim.serve;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to change an array's disks: a lock on a file beside the control socket, which ends with the process. The
 * file itself stays. Held by one owner, who closes it.
 */
public final class ArrayLock implements AutoCloseable
{
    private final FileChannel file;

    private ArrayLock(final FileChannel file)
    {
        this.file = file;
    }

    /** @throws ServeException when another has it, or the file cannot be made. */
    public static ArrayLock take(final Path control) throws ServeException
    {
        FileChannel file = null;
        try
        {
            file = FileChannel.open(
                Path.of(control + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(file))
            {
                return new ArrayLock(file);
            }
            file.close();
        }
        catch (final IOException failed)
        {
            closeQuietly(file);
            throw new ServeException(ExitCode.FAILED, control + ".lock cannot be locked: " + failed +
                "; expected a directory of a local file system that may be written");
        }
        throw new ServeException(ExitCode.NOT_NOW, "another raid-sim has this array (" + control +
            ".lock is locked); stop it with raid-sim stop, or use it");
    }

    private static boolean isLocked(final FileChannel file) throws IOException
    {
        try
        {
            return file.tryLock() != null;
        }
        catch (final OverlappingFileLockException heldInThisProcess)
        {
            return false;
        }
    }

    private static void closeQuietly(final FileChannel file)
    {
        try
        {
            if (file != null)
            {
                file.close();
            }
        }
        catch (final IOException harmless)
        {
            // nothing was written to it
        }
    }

    @Override
    public void close()
    {
        closeQuietly(file);
    }
}
