package io.farblock.raidsim.serve;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.DeviceException;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.array.ArrayOptions;
import io.farblock.raidsim.array.Assembly;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.raidsim.array.RaidException;
import io.farblock.raidsim.array.Together;
import io.farblock.raidsim.config.ArrayConfig;
import io.farblock.raidsim.disk.ParkedTime;
import io.farblock.raidsim.disk.PhasedTime;
import io.farblock.raidsim.disk.PowerCut;
import io.farblock.raidsim.plan.FaultPlan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An array of image files that works: disks in real time, its worker, its fault plans. Opened and closed by one thread;
 * whoever uses the device is gone before it is closed. What fails half way closes what it opened.
 */
final class ServedArray implements AutoCloseable
{
    private final ArrayConfig config;
    private final PhasedTime time;
    private final Consumer<String> trouble;
    private final FaultLog log;
    private final FaultPlans plans;
    private final DiskRack rack;
    private final ScrubWatch scrubs = new ScrubWatch();
    private final RaidArray array;
    private final ArrayWork work;
    private volatile long limitBytesPerSecond;

    private ServedArray(
        final ArrayConfig config, final Clocks clocks, final Consumer<String> trouble, final boolean force)
        throws DeviceException, RaidException, PlanException, ServeException
    {
        this.config = config;
        this.trouble = trouble;
        time = new PhasedTime(new ParkedTime(clocks.nanos()));
        final FaultPlan plan = config.plan() == null ? null : FaultPlan.read(config.plan(), config.planDisks());
        log = FaultLog.open(config.log(), trouble);
        plans = new FaultPlans(time, log);
        rack = openDisks();
        array = openArray(clocks, force);
        plans.begin(rack, array);
        if (plan != null)
        {
            plans.add(plan);
        }
        limit(config.limitBytesPerSecond());
        work = new ArrayWork(array, plans, clocks.nanos());
    }

    private DiskRack openDisks() throws DeviceException
    {
        try
        {
            return DiskRack.open(config, time, plans::hit);
        }
        catch (final DeviceException | RuntimeException failed)
        {
            log.close();
            throw failed;
        }
    }

    private RaidArray openArray(final Clocks clocks, final boolean force) throws RaidException, ServeException
    {
        try
        {
            if (rack.members().isEmpty())
            {
                throw new ServeException(ExitCode.NOT_NOW, "none of the disks of " + config.file() +
                    " belongs to an array; make one of them: raid-sim create " + config.file());
            }
            return Assembly.open(rack.members(), ArrayOptions.of(clocks.epochSeconds())
                .withJournal(rack.journal() == null ? null : rack.journal().disk())
                .withListener(scrubs).withTogether(together()).withForce(force));
        }
        catch (final RaidException | ServeException | RuntimeException failed)
        {
            rack.close();
            log.close();
            throw failed;
        }
    }

    private Together together()
    {
        return new Together()
        {
            @Override
            public void begin()
            {
                time.begin();
            }

            @Override
            public void end()
            {
                time.end();
            }
        };
    }

    /** Opens the array of the disks that are members of one, and starts its worker. */
    static ServedArray start(
        final ArrayConfig config, final Clocks clocks, final Consumer<String> trouble, final boolean force)
        throws DeviceException, RaidException, PlanException, ServeException
    {
        final ServedArray served = new ServedArray(config, clocks, trouble, force);
        served.work.launch();
        return served;
    }

    ArrayConfig config()
    {
        return config;
    }

    RaidArray array()
    {
        return array;
    }

    DiskRack rack()
    {
        return rack;
    }

    FaultPlans plans()
    {
        return plans;
    }

    ScrubWatch scrubs()
    {
        return scrubs;
    }

    ArrayWork work()
    {
        return work;
    }

    /** For clients; checked, and with the fault plans in front. Whoever closes it closes nothing. */
    BlockDevice device()
    {
        return new StepsPlan(new CheckedBlockDevice(array), plans);
    }

    /** At most so much of each member a second for what the array does by itself; 0 for no limit. */
    void limit(final long bytesPerSecond)
    {
        limitBytesPerSecond = bytesPerSecond;
        array.limit(bytesPerSecond);
    }

    long limitBytesPerSecond()
    {
        return limitBytesPerSecond;
    }

    /**
     * The power of all disks goes at once. They take nothing any more, so that closing leaves them as they are.
     *
     * @return what became of each, in lines for people.
     * @throws ServeException when it is gone already, or an image fails.
     */
    String cutPower(final long seed) throws ServeException
    {
        try
        {
            final List<PowerCut> cuts = rack.cutPower(seed);
            final CutReport report = new CutReport(config.name(), seed, rack.bays(), cuts);
            report.lines().forEach(log);
            trouble.accept(report.headline());
            return report.text();
        }
        catch (final IllegalStateException refused)
        {
            throw new ServeException(ExitCode.FAILED, refused.getMessage());
        }
    }

    /** Completed when the worker has ended by itself; then the array has to be closed. */
    CompletableFuture<Throwable> failed()
    {
        return work.failed();
    }

    /** Stops the worker, then writes down that all is clean, if it is. */
    @Override
    public void close()
    {
        work.close();
        array.close();
        rack.close();
        log.close();
    }
}
