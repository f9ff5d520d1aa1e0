package io.farblock.powersim.command;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * The right to serve a file: a lock on a file beside the control socket, which ends with the process. The
 * file itself stays. Held by one owner, who closes it.
 */
public final class ControlLock implements AutoCloseable
{
    private final FileChannel file;

    private ControlLock(final FileChannel file)
    {
        this.file = file;
    }

    /**
     * @param other what to say of another who has it: "another raid-sim has this array", and what to do about it.
     * @throws ServeException when another has it, or the file cannot be made.
     */
    public static ControlLock take(final Path control, final String other) throws ServeException
    {
        FileChannel file = null;
        try
        {
            file = FileChannel.open(
                Path.of(control + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(file))
            {
                return new ControlLock(file);
            }
            file.close();
        }
        catch (final IOException failed)
        {
            closeQuietly(file);
            throw new ServeException(ExitCode.FAILED, control + ".lock cannot be locked: " + failed +
                "; expected a directory of a local file system that may be written");
        }
        throw new ServeException(ExitCode.NOT_NOW, other + " (" + control + ".lock is locked)");
    }

    /** Comes back when nobody has it, or a minute has passed; {@code pause} is called between two looks. */
    public static void awaitFree(final Path control, final String other, final NanoClock clock, final Runnable pause)
        throws ServeException
    {
        final long deadlineNs = clock.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (true)
        {
            try
            {
                take(control, other).close();
                return;
            }
            catch (final ServeException running)
            {
                if (running.exit() != ExitCode.NOT_NOW || clock.nanoTime() > deadlineNs)
                {
                    throw running;
                }
                pause.run();
            }
        }
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
