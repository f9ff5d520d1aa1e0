package io.farblock.raidsim.disk;

import io.farblock.blockdev.Errno;

/**
 * Why a disk does not answer: it is lost for good, or has dropped out and will be back. Guarded by the disk's lock.
 */
final class Absence
{
    private final SimTime time;
    private DiskFault.Loss loss;
    private DiskFault.DropOut dropOut;
    private long backAtNs;
    private long callsLeft;

    /** @param time may be null: then no drop-out ends by itself. */
    Absence(final SimTime time)
    {
        this.time = time;
    }

    void lose(final DiskFault.Loss fault)
    {
        loss = fault;
    }

    void dropOut(final DiskFault.DropOut fault)
    {
        dropOut = fault;
        backAtNs = time == null || fault.durationNs() == 0 ? Long.MAX_VALUE : time.nowNs() + fault.durationNs();
        callsLeft = fault.operations() == 0 ? Long.MAX_VALUE : fault.operations();
    }

    void heal(final DiskFault fault)
    {
        loss = loss == fault ? null : loss;
        dropOut = dropOut == fault ? null : dropOut;
    }

    /** The fault that keeps the disk from answering now, or null. Does not count as a call. */
    DiskFault reason()
    {
        if (dropOut != null && (callsLeft == 0 || time != null && time.nowNs() >= backAtNs))
        {
            dropOut = null;
        }
        return loss != null ? loss : dropOut;
    }

    /** A call was not answered; gives the error that it gets. */
    int refused()
    {
        if (loss != null)
        {
            return loss.errno();
        }
        callsLeft--;
        return Errno.ENXIO;
    }
}
