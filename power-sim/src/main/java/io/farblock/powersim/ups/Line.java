package io.farblock.powersim.ups;

/**
 * What comes in: the mains, or the generator where the mains has nothing to give; and since when it is good enough,
 * which is less when the load is put past the UPS. Not thread safe.
 */
final class Line
{
    /** When there is nothing good, and when nothing is due. */
    static final long NEVER = Long.MAX_VALUE;
    /** Past the UPS the load takes what comes, down to this share of what it should be. */
    private static final double BARELY_ENOUGH = 0.6;

    private final InputSpec spec;
    /** Null for none. */
    private final Generator generator;
    private double mainsVolts;
    private boolean isBypassed;
    private long goodSinceNs;

    Line(final UpsSpec ups, final long nowNs)
    {
        this.spec = ups.input();
        this.generator = ups.generator() == null ? null : new Generator(ups.generator(), ups.seed());
        this.mainsVolts = spec.nominalVolts();
        this.goodSinceNs = nowNs;
    }

    void mains(final double volts, final long nowNs)
    {
        mainsVolts = volts;
        if (generator != null)
        {
            generator.mains(spec.isUsable(volts), nowNs);
        }
        settle(nowNs);
    }

    void bypass(final boolean on, final long nowNs)
    {
        isBypassed = on;
        settle(nowNs);
    }

    private void settle(final long nowNs)
    {
        final double volts = volts();
        final boolean isGood = isBypassed ? volts >= spec.nominalVolts() * BARELY_ENOUGH : spec.isUsable(volts);
        goodSinceNs = isGood ? Math.min(goodSinceNs, nowNs) : NEVER;
    }

    boolean hasGenerator()
    {
        return generator != null;
    }

    void arm(final boolean mayStart, final long nowNs)
    {
        generator.arm(mayStart, nowNs);
        settle(nowNs);
    }

    void failNext(final int starts)
    {
        generator.failNext(starts);
    }

    /** When {@link #step} is due. */
    long nextNs()
    {
        return generator == null ? NEVER : generator.nextNs();
    }

    void step(final long nowNs)
    {
        generator.step(nowNs);
        settle(nowNs);
    }

    boolean isGood()
    {
        return goodSinceNs != NEVER;
    }

    long goodSinceNs()
    {
        return goodSinceNs;
    }

    boolean isBypassed()
    {
        return isBypassed;
    }

    double volts()
    {
        return isGenerated() ? spec.nominalVolts() : mainsVolts;
    }

    private boolean isGenerated()
    {
        return generator != null && generator.isRunning();
    }

    /** "mains", "generator" or "none". */
    String source()
    {
        return isGenerated() ? "generator" : mainsVolts > 0 ? "mains" : "none";
    }

    /** Null when there is none. */
    Generator.State generatorState()
    {
        return generator == null ? null : generator.state();
    }
}
