package io.farblock.raidsim.plan;

import io.farblock.blockdev.raid.ArrayState;
import io.farblock.raidsim.disk.DiskFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** An array of three disks that is whatever a test says, and notes what happens to it. */
final class FakeArray implements PlanSubject
{
    static final List<PlanDisk> DISKS =
        List.of(new PlanDisk("sda", 1L << 40), new PlanDisk("sdb", 1L << 40), new PlanDisk("sdc", 1L << 40));

    final List<DiskFault> injected = new ArrayList<>();
    final List<DiskFault> healed = new ArrayList<>();
    final List<Integer> disks = new ArrayList<>();
    final Set<Integer> failed = new HashSet<>();
    final long[] operations = new long[3];
    final long[] bytes = new long[3];
    long nowNs;
    double rebuild = -1;
    ArrayState state = ArrayState.CLEAN;

    void seconds(final long seconds)
    {
        nowNs = TimeUnit.SECONDS.toNanos(seconds);
    }

    @Override
    public long nowNs()
    {
        return nowNs;
    }

    @Override
    public double rebuildPercent()
    {
        return rebuild;
    }

    @Override
    public ArrayState state()
    {
        return state;
    }

    @Override
    public boolean isFailed(final int disk)
    {
        return failed.contains(disk);
    }

    @Override
    public long operations(final int disk)
    {
        return operations[disk];
    }

    @Override
    public long bytes(final int disk)
    {
        return bytes[disk];
    }

    @Override
    public void inject(final int disk, final DiskFault fault)
    {
        disks.add(disk);
        injected.add(fault);
    }

    @Override
    public void heal(final int disk, final DiskFault fault)
    {
        healed.add(fault);
    }
}
