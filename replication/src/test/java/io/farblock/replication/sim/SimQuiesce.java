package io.farblock.replication.sim;

import io.farblock.replication.Quiesce;
import io.farblock.replication.SnapshotPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * File systems and an application as one life of the source's process holds them. The process may die at each call;
 * a hold may be ended by others at any time.
 */
final class SimQuiesce implements Quiesce
{
    private final SimApplication application;
    private final Map<Path, SimDisk> disks;
    private final SimHost host;

    SimQuiesce(final SimApplication application, final Map<Path, SimDisk> disks, final SimHost host)
    {
        this.application = application;
        this.disks = disks;
        this.host = host;
    }

    @Override
    public void settle(final List<Path> devices)
    {
        host.burnOrDie();
        application.mayWrite();
    }

    @Override
    public Hold freeze(final List<Path> devices, final long limitNs)
    {
        host.burnOrDie();
        application.mayWrite();
        application.freeze();
        return new SimHold();
    }

    @Override
    public void run(final List<String> command, final Occasion occasion, final long limitNs) throws IOException
    {
        if (!host.isAlive())
        {
            throw new IOException("the process is dead");
        }
        host.burnOrDie();
        application.mayWrite();
        application.hook(command.get(0));
        host.burnOrDie();
    }

    @Override
    public Snapshot snapshot(final SnapshotPlan how, final Path device, final Occasion occasion)
    {
        host.burnOrDie();
        application.mayWrite();
        final SimDisk origin = disks.get(device);
        final Path path = Path.of(device + ".snapshot");
        final SimDisk copy = new SimDisk(path.toString(), origin.sizeBytes);
        copy.write(0, origin.content(origin.sizeBytes));
        disks.put(path, copy);
        application.mayWrite();
        return new SimSnapshot(path);
    }

    @Override
    public void close()
    {
        // The kernel thaws, with the watchdog's help.
    }

    private final class SimHold implements Hold
    {
        private boolean thawed;
        private boolean held;

        @Override
        public boolean isEmpty()
        {
            return false;
        }

        @Override
        public boolean thaw()
        {
            if (!thawed)
            {
                thawed = true;
                held = application.thaw();
            }
            return held;
        }

        @Override
        public void close()
        {
            if (host.isAlive())
            {
                thaw();
            }
        }
    }

    private final class SimSnapshot implements Snapshot
    {
        private final Path path;

        SimSnapshot(final Path path)
        {
            this.path = path;
        }

        @Override
        public Path device()
        {
            return path;
        }

        @Override
        public void remove()
        {
            if (host.isAlive())
            {
                disks.remove(path);
            }
        }
    }
}
