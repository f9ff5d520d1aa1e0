package io.farblock.raidsim.cli;

import io.farblock.powersim.command.ControlClient;
import io.farblock.powersim.command.ControlLock;
import io.farblock.powersim.command.ControlPath;
import io.farblock.powersim.command.ServeException;
import io.farblock.raidsim.serve.ArrayServer;
import io.farblock.raidsim.serve.Clocks;
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
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String PROGRAM = "raid-sim";

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
            return ControlPath.of(PROGRAM, arrayFile.toRealPath(), runtimeDirectory);
        }
        catch (final IOException absent)
        {
            return ControlPath.of(PROGRAM, arrayFile, runtimeDirectory);
        }
    }

    static ControlClient client(final Path arrayFile) throws ServeException
    {
        return new ControlClient(arrayFile, "raid-sim serve " + arrayFile + " --listen unix:PATH", control(arrayFile),
            SystemNanoClock.INSTANCE);
    }

    /** Comes back when the server of an array is gone, or a minute has passed. */
    static void awaitUnlocked(final Path arrayFile) throws ServeException
    {
        ControlLock.awaitFree(control(arrayFile), ArrayServer.TAKEN, SystemNanoClock.INSTANCE,
            () -> LockSupport.parkNanos(PAUSE_NS));
    }
}
