package io.farblock.replication.sim;

import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.raid.BootIntent;
import io.farblock.replication.marks.KeepGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * What a machine is besides its processes: its starts, what its kernel counted before anybody followed a disk, an
 * array's bitmap below each disk, and the guard beside a daemon, which outlives it and not the power.
 */
final class SimMachine implements BootLook
{
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(KeepGuard.PATIENCE_S);

    private final SimClock clock;
    private final Map<Path, SimDisk> disks;
    private long starts = 1;
    private SimGuard guard;

    SimMachine(final SimClock clock, final Map<Path, SimDisk> disks)
    {
        this.clock = clock;
        this.disks = disks;
    }

    /** The power goes and comes back; whether the guard had time before. */
    void cut()
    {
        starts++;
        if (guard != null)
        {
            guard.cut();
            guard = null;
        }
        disks.values().forEach(disk -> disk.marks.loseAll());
    }

    KeepGuard guard(final List<Path> files)
    {
        guard = new SimGuard(files);
        return guard;
    }

    @Override
    public UUID boot()
    {
        return new UUID(0, starts);
    }

    @Override
    public long nowMs()
    {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime());
    }

    @Override
    public String writesSoFar(final Path device)
    {
        return disks.get(device).marks.isWrittenUnfollowed() ? device + " was written before" : "";
    }

    @Override
    public BootIntent intent(final Path device)
    {
        return new BootIntent(disks.get(device).marks.bitmap(), SimMarks.TIME_BASE_S, "");
    }

    @Override
    public boolean keepsIntent(final Path device)
    {
        return true;
    }

    @Override
    public byte[] fingerprint(final Path device)
    {
        return new byte[32];
    }

    @Override
    public String users(final Path device)
    {
        return "";
    }

    @Override
    public void flush(final Path device)
    {
        // nothing goes through a page cache here
    }

    @Override
    public String goesOn()
    {
        return "it always does";
    }

    /** Removes its files when it hears nothing or its daemon is dead, but not when the power goes with the daemon. */
    private final class SimGuard implements KeepGuard
    {
        private final List<Path> files;
        private long heardNs = clock.nanoTime();
        private boolean over;

        SimGuard(final List<Path> files)
        {
            this.files = files;
        }

        @Override
        public boolean isWatching()
        {
            if (!over && clock.nanoTime() - heardNs > PATIENCE_NS)
            {
                takeBack();
            }
            return !over;
        }

        @Override
        public void beat()
        {
            if (isWatching())
            {
                heardNs = clock.nanoTime();
            }
        }

        @Override
        public void close()
        {
            takeBack();
        }

        void cut()
        {
            if (isWatching())
            {
                over = true;
            }
        }

        private void takeBack()
        {
            if (!over)
            {
                over = true;
                try
                {
                    for (final Path file : files)
                    {
                        Files.deleteIfExists(file);
                    }
                }
                catch (final IOException ex)
                {
                    throw new UncheckedIOException(ex);
                }
            }
        }
    }
}
