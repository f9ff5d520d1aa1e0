package io.farblock.replication;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.still.CommandException;
import io.farblock.blockdev.still.Freezer;
import io.farblock.blockdev.still.Frozen;
import io.farblock.blockdev.still.Hook;
import io.farblock.blockdev.still.LvmSnapshot;
import io.farblock.blockdev.still.ProcessRunner;
import io.farblock.blockdev.still.Reflink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine's file systems, LVM, and the operator's commands. Threads as {@link Quiesce}. */
public final class LinuxQuiesce implements Quiesce
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");
    private static final long SNAPSHOT_HOOK_NS = TimeUnit.MINUTES.toNanos(2);

    private final Freezer freezer;
    private final ProcessRunner runner;

    /**
     * Starts nothing yet.
     *
     * @param written where this process writes while it copies: what holds that is not frozen.
     */
    public LinuxQuiesce(final List<Path> written, final NanoClock clock)
    {
        freezer = new Freezer(Freezer.DIRECTORY, written, clock);
        runner = new ProcessRunner(clock);
    }

    /** Thaws what an earlier daemon left frozen that was killed together with its watchdog. */
    public static void thawLeftOver()
    {
        try
        {
            final List<String> thawed = Freezer.thawLeftOver(Freezer.DIRECTORY);
            if (!thawed.isEmpty())
            {
                LOG.warn("state=thawed mounts={} reason=\"an earlier daemon was killed while they were frozen\"",
                    thawed);
            }
        }
        catch (final DeviceException ex)
        {
            LOG.error("state=frozen reason=\"{}\"", ex.getMessage());
        }
    }

    @Override
    public void settle(final List<Path> devices) throws IOException
    {
        freezer.settle(devices);
    }

    @Override
    public Hold freeze(final List<Path> devices, final long limitNs) throws IOException
    {
        return new FrozenHold(freezer.freeze(devices, limitNs));
    }

    @Override
    public void run(final List<String> command, final Occasion occasion, final long limitNs) throws IOException
    {
        new Hook(command, limitNs, runner).run(occasion.group(), occasion.epoch(), occasion.phase());
    }

    @Override
    public Snapshot snapshot(final SnapshotPlan how, final Path device, final Occasion occasion) throws IOException
    {
        return switch (how.kind())
        {
            case REFLINK -> new Clone(Reflink.of(device));
            case LVM -> new Logical(LvmSnapshot.of(device, how.size(), runner));
            case HOOK -> hooked(how, occasion);
        };
    }

    @Override
    public void close()
    {
        freezer.close();
    }

    private Snapshot hooked(final SnapshotPlan how, final Occasion occasion) throws IOException
    {
        final String path = new Hook(how.create(), SNAPSHOT_HOOK_NS, runner)
            .run(occasion.group(), occasion.epoch(), "snapshot");
        if (!path.startsWith("/"))
        {
            throw new CommandException("the hook for snapshot of group " + occasion.group() + " printed \"" + path +
                "\" as its first line; expected the absolute path of the device or file to read");
        }
        return new Hooked(Path.of(path), new Hook(how.remove(), SNAPSHOT_HOOK_NS, runner), occasion);
    }

    /** Frozen file systems as a hold. */
    private record FrozenHold(Frozen frozen) implements Hold
    {
        @Override
        public boolean isEmpty()
        {
            return frozen.isEmpty();
        }

        @Override
        public boolean thaw()
        {
            return frozen.thaw();
        }

        @Override
        public void close()
        {
            frozen.close();
        }
    }

    /** A clone of an image as a snapshot. */
    private record Clone(Reflink reflink) implements Snapshot
    {
        @Override
        public Path device()
        {
            return reflink.path();
        }

        @Override
        public void remove()
        {
            reflink.close();
        }
    }

    /** A snapshot of a logical volume. */
    private record Logical(LvmSnapshot volume) implements Snapshot
    {
        @Override
        public Path device()
        {
            return volume.path();
        }

        @Override
        public void remove() throws IOException
        {
            // Asked after the last read: one that overflows from now on has done its work.
            final boolean intact = volume.isIntact();
            volume.close();
            if (!intact)
            {
                throw new CommandException("the LVM snapshot " + volume.path() + " has overflowed while it was read: " +
                    "what was read is void; expected all that is overwritten meanwhile to fit; raise snapshot_size");
            }
        }
    }

    /** A snapshot that the operator's commands made. */
    private record Hooked(Path device, Hook removal, Occasion occasion) implements Snapshot
    {
        @Override
        public void remove() throws IOException
        {
            removal.run(occasion.group(), occasion.epoch(), "remove");
        }
    }
}
