package io.farblock.powersim;

/**
 * Something that a power cut stops: a disk, an array, a host. What it was asked for and has not finished is decided by
 * the cut; what it had promised before it holds to, unless it lies. On a {@link PowerRail} it goes with others.
 */
public interface PoweredThing
{
    /** What messages call it. */
    String name();

    /**
     * Runs something while nothing is in flight here, and nothing begins: what is asked for meanwhile waits. What
     * cannot be stilled, as a process, runs it at once.
     */
    void still(Runnable whileStill);

    /**
     * The power goes.
     *
     * @param seed decides what survives.
     * @throws IllegalStateException when it is gone already, or nothing can be said of what survived.
     */
    CutReport cut(long seed);

    /** The power is back. Nothing happens if it was there. */
    void restore();

    /** Whether the power is gone. */
    boolean isDead();
}
