package io.farblock.powersim.ups;

import java.util.SplittableRandom;

/**
 * Starts when the mains is gone, or fails to; gives way when it is back. Told of both, and stepped at the times that it
 * asks for. Not thread safe.
 *
 * <pre>
 *   OFF ──mains gone──> WAITING ──wait──> STARTING ──ok──> RUNNING ──fuel──> EMPTY
 *    ^                                    │    ^
 *    └── mains back, from every state     fail └ retry, as often as it may, then GIVEN_UP
 * </pre>
 */
final class Generator
{
    /** Where it is between rest and current. */
    enum State
    {
        OFF, WAITING, STARTING, RETRYING, RUNNING, GIVEN_UP, EMPTY
    }

    private final GeneratorSpec spec;
    private final SplittableRandom random;
    private State state = State.OFF;
    private boolean isArmed = true;
    private boolean isMainsGood = true;
    private long nextNs = Long.MAX_VALUE;
    private long runningSinceNs;
    private long fuelNs;
    private int failuresAhead;
    private int attempts;

    Generator(final GeneratorSpec spec, final long seed)
    {
        this.spec = spec;
        this.random = new SplittableRandom(seed);
        this.failuresAhead = spec.failFirst();
        this.fuelNs = spec.fuelNs();
    }

    State state()
    {
        return state;
    }

    boolean isRunning()
    {
        return state == State.RUNNING;
    }

    /** When {@link #step} is due. */
    long nextNs()
    {
        return nextNs;
    }

    /** The next so many starts fail, after those that were to fail anyway. */
    void failNext(final int starts)
    {
        failuresAhead += starts;
    }

    /** Whether the switch may start it; one that runs stops when it may not. */
    void arm(final boolean armed, final long nowNs)
    {
        isArmed = armed;
        mains(isMainsGood, nowNs);
    }

    void mains(final boolean isGood, final long nowNs)
    {
        isMainsGood = isGood;
        if (isGood || !isArmed)
        {
            burn(nowNs);
            enter(State.OFF, Long.MAX_VALUE);
            attempts = 0;
        }
        else if (state == State.OFF)
        {
            enter(State.WAITING, nowNs + spec.waitNs());
        }
    }

    private void burn(final long nowNs)
    {
        if (state == State.RUNNING)
        {
            fuelNs -= nowNs - runningSinceNs;
        }
    }

    void step(final long nowNs)
    {
        switch (state)
        {
            case WAITING, RETRYING ->
            {
                attempts++;
                enter(State.STARTING, nowNs + spec.startNs());
            }
            case STARTING -> started(nowNs);
            case RUNNING ->
            {
                burn(nowNs);
                enter(State.EMPTY, Long.MAX_VALUE);
            }
            default -> throw new IllegalStateException("nothing was due of a generator that is " + state);
        }
    }

    private void started(final long nowNs)
    {
        final boolean isUnlucky = random.nextDouble() < spec.failChance();
        if (fuelNs <= 0)
        {
            enter(State.EMPTY, Long.MAX_VALUE);
        }
        else if (failuresAhead > 0 || isUnlucky)
        {
            failuresAhead = Math.max(0, failuresAhead - 1);
            final boolean isLast = attempts >= spec.attempts();
            enter(isLast ? State.GIVEN_UP : State.RETRYING, isLast ? Long.MAX_VALUE : nowNs + spec.retryNs());
        }
        else
        {
            runningSinceNs = nowNs;
            enter(State.RUNNING, nowNs + Math.min(fuelNs, Long.MAX_VALUE - nowNs));
        }
    }

    private void enter(final State next, final long dueNs)
    {
        state = next;
        nextNs = dueNs;
    }
}
