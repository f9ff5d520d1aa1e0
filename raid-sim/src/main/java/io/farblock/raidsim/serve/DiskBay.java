package io.farblock.raidsim.serve;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.config.DiskConfig;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.SimDisk;
import java.util.ArrayList;
import java.util.List;

/** A disk in its place, with the faults that it was given. Thread safe; owns the disk, and closes it. */
final class DiskBay
{
    private final DiskConfig config;
    private final SimDisk disk;
    /** Those that take the disk away; guarded by itself. */
    private final List<DiskFault> absences = new ArrayList<>();

    DiskBay(final DiskConfig config, final SimDisk disk)
    {
        this.config = config;
        this.disk = disk;
    }

    DiskConfig config()
    {
        return config;
    }

    SimDisk disk()
    {
        return disk;
    }

    String name()
    {
        return config.name();
    }

    /** As if somebody took the disk out; false when it is out already. */
    boolean pull()
    {
        synchronized (absences)
        {
            if (!absences.isEmpty())
            {
                return false;
            }
            inject(new DiskFault.Loss(Errno.ENXIO));
            return true;
        }
    }

    /** Puts it back, whatever took it away; false when it was there. */
    boolean plug()
    {
        synchronized (absences)
        {
            final boolean wasAway = !absences.isEmpty();
            absences.forEach(disk::heal);
            absences.clear();
            return wasAway;
        }
    }

    /** Whether it was pulled, or lost, and not put back. */
    boolean isPulled()
    {
        synchronized (absences)
        {
            return !absences.isEmpty();
        }
    }

    void inject(final DiskFault fault)
    {
        synchronized (absences)
        {
            if (fault instanceof DiskFault.Loss)
            {
                absences.add(fault);
            }
        }
        disk.inject(fault);
    }

    void heal(final DiskFault fault)
    {
        synchronized (absences)
        {
            // a fault is known by identity, so equal ones stay
            absences.removeIf((absence) -> absence == fault);
        }
        disk.heal(fault);
    }
}
