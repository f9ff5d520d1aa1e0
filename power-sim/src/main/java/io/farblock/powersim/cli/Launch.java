package io.farblock.powersim.cli;

import io.farblock.powersim.command.ControlClient;
import io.farblock.powersim.command.ControlLock;
import io.farblock.powersim.command.ControlPath;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.serve.UpsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** What commands take from the machine: its clock, and where it keeps sockets. Stateless. */
final class Launch
{
    private static final String PROGRAM = "power-sim";
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private Launch()
    {
    }

    static NanoClock clock()
    {
        return SystemNanoClock.INSTANCE;
    }

    /** The same by whatever path the file is named. */
    static Path control(final Path file) throws ServeException
    {
        final String runtimeDirectory = System.getenv("XDG_RUNTIME_DIR");
        try
        {
            return ControlPath.of(PROGRAM, file.toRealPath(), runtimeDirectory);
        }
        catch (final IOException absent)
        {
            return ControlPath.of(PROGRAM, file, runtimeDirectory);
        }
    }

    static ControlClient client(final Path file) throws ServeException
    {
        return new ControlClient(file, "power-sim ups serve " + file, control(file), clock());
    }

    /** Comes back when the server of a file is gone, or a minute has passed. */
    static void awaitUnlocked(final Path file) throws ServeException
    {
        ControlLock.awaitFree(control(file), UpsServer.TAKEN, clock(), () -> LockSupport.parkNanos(PAUSE_NS));
    }
}
