package io.farblock.raidsim.serve;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.ArrayState;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultHit;
import io.farblock.raidsim.disk.SimTime;
import io.farblock.raidsim.plan.FaultPlan;
import io.farblock.raidsim.plan.PlanRunner;
import io.farblock.raidsim.plan.PlanSubject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The fault plans that are at work: the file's, and one for each fault that a command asked for. Thread safe: whoever
 * comes first steps, the others go on. Until {@link #begin} nothing happens.
 */
final class FaultPlans implements PlanSubject
{
    /** Each is asked at every request: more would be felt. */
    private static final int MOST_PLANS = 1000;

    private final SimTime time;
    private final Consumer<String> log;
    private final ReentrantLock stepping = new ReentrantLock();
    private final List<PlanRunner> runners = new CopyOnWriteArrayList<>();
    private volatile RaidArray array;
    private DiskRack rack;

    FaultPlans(final SimTime time, final Consumer<String> log)
    {
        this.time = time;
        this.log = log;
    }

    /** The array that the plans work on. */
    void begin(final DiskRack disks, final RaidArray opened)
    {
        rack = disks;
        array = opened;
    }

    /**
     * Another plan begins now.
     *
     * @throws IllegalStateException when there are too many.
     */
    void add(final FaultPlan plan)
    {
        if (runners.size() >= MOST_PLANS)
        {
            throw new IllegalStateException(MOST_PLANS + " faults were asked for since this server started, and no " +
                "more are kept; write them into a plan, or start the server again");
        }
        runners.add(new PlanRunner(plan, this, log));
    }

    boolean isEmpty()
    {
        return runners.isEmpty();
    }

    /** Does what is due, unless another thread is at it. */
    void step()
    {
        if (array != null && !runners.isEmpty() && stepping.tryLock())
        {
            try
            {
                runners.forEach(PlanRunner::step);
            }
            finally
            {
                stepping.unlock();
            }
        }
    }

    /** A fault struck; for the listeners of the disks. */
    void hit(final FaultHit hit, final int disk)
    {
        runners.forEach((runner) -> runner.hit(disk, hit));
    }

    @Override
    public long nowNs()
    {
        return time.nowNs();
    }

    @Override
    public double rebuildPercent()
    {
        final MdArray now = array.describe();
        return now.state() == ArrayState.REBUILDING ? now.progress().percent() : -1;
    }

    @Override
    public ArrayState state()
    {
        return array.describe().state();
    }

    @Override
    public boolean isFailed(final int disk)
    {
        return array.describe().members(ArrayMember.Role.FAULTY).stream()
            .anyMatch((member) -> member.name().equals(rack.bay(disk).name()));
    }

    @Override
    public long operations(final int disk)
    {
        return rack.bay(disk).disk().operations();
    }

    @Override
    public long bytes(final int disk)
    {
        return rack.bay(disk).disk().transferredBytes();
    }

    @Override
    public void inject(final int disk, final DiskFault fault)
    {
        rack.bay(disk).inject(fault);
    }

    @Override
    public void heal(final int disk, final DiskFault fault)
    {
        rack.bay(disk).heal(fault);
    }
}
