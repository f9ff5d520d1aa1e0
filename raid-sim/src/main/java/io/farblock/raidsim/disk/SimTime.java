package io.farblock.raidsim.disk;

/**
 * The time in which disks take time. A simulation jumps through it, a person's test waits in it; a disk does not know
 * which. As thread safe as each kind says.
 */
public interface SimTime
{
    /** Now, in nanoseconds from some fixed point. */
    long nowNs();

    /** Comes back when it is {@code deadlineNs} or later; at once when it already is. */
    void until(long deadlineNs);
}
