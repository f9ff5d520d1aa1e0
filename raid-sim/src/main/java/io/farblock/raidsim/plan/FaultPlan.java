package io.farblock.raidsim.plan;

import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.plan.PlanText;
import java.nio.file.Path;
import java.util.List;

/**
 * Which faults happen to which disks, and when. An immutable value; a {@link PlanRunner} carries it out.
 */
public final class FaultPlan
{
    private final String name;
    private final long seed;
    private final List<PlannedFault> faults;

    FaultPlan(final String name, final long seed, final List<PlannedFault> faults)
    {
        this.name = name;
        this.seed = seed;
        this.faults = List.copyOf(faults);
    }

    /** Reads and checks a file. */
    public static FaultPlan read(final Path file, final List<PlanDisk> disks) throws PlanException
    {
        return parse(file.toString(), PlanText.of(file, "a fault plan"), disks);
    }

    /** Checks a plan whose text is there; messages call it by {@code name}. */
    public static FaultPlan parse(final String name, final String text, final List<PlanDisk> disks)
        throws PlanException
    {
        return new PlanReader(name, disks).read(text);
    }

    /** Whether an entry says by this key when its fault happens. */
    public static boolean isTrigger(final String key)
    {
        return PlanReader.TRIGGERS.contains(key);
    }

    /** The same plan with other chances. */
    public FaultPlan withSeed(final long changed)
    {
        return new FaultPlan(name, changed, faults);
    }

    public long seed()
    {
        return seed;
    }

    /** What the file is called, for messages. */
    String name()
    {
        return name;
    }

    List<PlannedFault> faults()
    {
        return faults;
    }
}
