package io.farblock.daemon;

import io.farblock.blockdev.still.CommandRunner;
import io.farblock.blockdev.still.ProcessRunner;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.engine.Engine;
import io.farblock.daemon.engine.RestingMarks;
import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsFeed;
import java.util.List;
import java.util.function.Function;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * What a daemon is made of, and what it takes from outside.
 *
 * @param engine  makes and launches the engine.
 * @param resting makes what goes on while the engine is closed for the power.
 * @param upses   makes and launches what asks the UPSes.
 * @param hooks   runs the operator's commands.
 */
public record DaemonContext(
    Function<DaemonConfig, Engine> engine,
    Function<DaemonConfig, AutoCloseable> resting,
    Function<List<UpsConfig>, UpsFeed> upses,
    CommandRunner hooks,
    NanoClock clock,
    EpochClock wall)
{
    /** One on this machine. */
    public static DaemonContext of(final Function<DaemonConfig, Engine> engine,
        final Function<List<UpsConfig>, UpsFeed> upses, final NanoClock clock)
    {
        return new DaemonContext(
            engine, RestingMarks::new, upses, new ProcessRunner(clock), clock, SystemEpochClock.INSTANCE);
    }
}
