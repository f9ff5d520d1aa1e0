package io.farblock.raidsim.cli;

import io.farblock.raidsim.serve.ArrayLock;
import io.farblock.raidsim.serve.Clocks;
import io.farblock.raidsim.serve.ControlClient;
import io.farblock.raidsim.serve.ControlPath;
import io.farblock.raidsim.serve.ExitCode;
import io.farblock.raidsim.serve.ServeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/** What commands take from the machine: its clocks, and where it keeps sockets. Stateless. */
final class Launch
{
    private static final long MILLIS = 1000;

    private Launch()
    {
    }

    static Clocks clocks()
    {
        return new Clocks(SystemNanoClock.INSTANCE, () -> SystemEpochClock.INSTANCE.time() / MILLIS);
    }

    /** The same by whatever path the array file is named. */
    static Path control(final Path arrayFile) throws ServeException
    {
        final String runtimeDirectory = System.getenv("XDG_RUNTIME_DIR");
        try
        {
            return ControlPath.of(arrayFile.toRealPath(), runtimeDirectory);
        }
        catch (final IOException absent)
        {
            return ControlPath.of(arrayFile, runtimeDirectory);
        }
    }

    static ControlClient client(final Path arrayFile) throws ServeException
    {
        return new ControlClient(arrayFile, control(arrayFile), SystemNanoClock.INSTANCE);
    }

    /** Comes back when the server of an array is gone, or a minute has passed. */
    static void awaitUnlocked(final Path arrayFile) throws ServeException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (true)
        {
            try
            {
                ArrayLock.take(control(arrayFile)).close();
                return;
            }
            catch (final ServeException running)
            {
                if (running.exit() != ExitCode.NOT_NOW || System.nanoTime() > deadlineNs)
                {
                    throw running;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }
}
