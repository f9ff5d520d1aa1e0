package io.farblock.raidsim.plan;

import io.farblock.blockdev.raid.ArrayState;
import io.farblock.raidsim.disk.DiskFault;

/**
 * What a plan works on: an array and its disks, which are numbered from 0. Called on the thread that steps the
 * {@link PlanRunner}, except {@link #nowNs()}, which any thread may call.
 */
public interface PlanSubject
{
    /** The time that the disks take their time on. */
    long nowNs();

    /** How much of a rebuild is done, 0 to 100; -1 when none is running. */
    double rebuildPercent();

    /** How the array is. */
    ArrayState state();

    /** Whether the array has given the disk up. */
    boolean isFailed(int disk);

    /** How many requests the disk was given; never less than before. */
    long operations(int disk);

    /** How many bytes the disk has read and written; never less than before. */
    long bytes(int disk);

    /** From now on the disk has this fault too. */
    void inject(int disk, DiskFault fault);

    /** Takes the fault away, if it is still there. */
    void heal(int disk, DiskFault fault);
}
