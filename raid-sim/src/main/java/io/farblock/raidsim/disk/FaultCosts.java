package io.farblock.raidsim.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the faults of one disk cost beside the data: time, and entries in the disk's own health record. It adds up what
 * the request that runs now has to wait; waiting is up to the {@link SimDisk}. Guarded by the disk's lock.
 */
final class FaultCosts
{
    private final List<Delay> delays = new ArrayList<>();
    private final SmartLog smart;
    private final long recoveryNs;
    private long extraNs;
    private long pauseNs;

    /** @param recoveryNs how long the disk tries to read a sector before it gives up. */
    FaultCosts(final SmartLog smart, final long recoveryNs)
    {
        this.smart = smart;
        this.recoveryNs = recoveryNs;
    }

    /** For a disk without a clock. */
    static FaultCosts free()
    {
        return new FaultCosts(new SmartLog(), 0);
    }

    void add(final DiskFault fault)
    {
        delays.add(new Delay(fault));
    }

    void remove(final DiskFault fault)
    {
        delays.removeIf(delay -> delay.fault == fault);
    }

    int delays()
    {
        return delays.size();
    }

    /**
     * Counts what one of the delaying faults costs this request; draws lots.
     *
     * @return the fault if that belongs on record, or null. A slowness strikes every request and would fill the record,
     *         so only its first strike does.
     */
    DiskFault delay(final int index)
    {
        final Delay delay = delays.get(index);
        if (delay.fault instanceof DiskFault.Slow slow)
        {
            extraNs += slow.extraNs();
            final boolean first = !delay.onRecord;
            delay.onRecord = true;
            return first ? slow : null;
        }
        final DiskFault.Stutter stutter = (DiskFault.Stutter)delay.fault;
        final boolean pauses = delay.random.nextInt(stutter.oneIn()) == 0;
        pauseNs += pauses ? stutter.pauseNs() : 0;
        return pauses ? stutter : null;
    }

    /** A read found this sector unreadable. */
    void unreadable(final long offsetBytes)
    {
        pauseNs += recoveryNs;
        smart.unreadable(offsetBytes);
    }

    void rewritten(final long from, final long to)
    {
        smart.rewritten(from, to);
    }

    void sentAgain(final DiskFault.LinkErrors fault)
    {
        extraNs += fault.retryNs();
        smart.linkError();
    }

    /** What the last request alone has to wait; asking takes it away. */
    long takeExtraNs()
    {
        final long taken = extraNs;
        extraNs = 0;
        return taken;
    }

    /** How long the last request stopped the whole disk; asking takes it away. */
    long takePauseNs()
    {
        final long taken = pauseNs;
        pauseNs = 0;
        return taken;
    }

    /** One delaying fault and the chance in it; guarded as its owner is. */
    private static final class Delay
    {
        private final DiskFault fault;
        private final SplittableRandom random;
        private boolean onRecord;

        Delay(final DiskFault fault)
        {
            this.fault = fault;
            this.random = new SplittableRandom(fault instanceof DiskFault.Stutter stutter ? stutter.seed() : 0);
        }
    }
}
