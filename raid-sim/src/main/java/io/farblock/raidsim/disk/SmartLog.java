package io.farblock.raidsim.disk;

import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Where a disk counts what becomes its {@link SmartAttributes}. Guarded by the disk's lock. Grows by one entry for each
 * sector that is found unreadable and not yet written.
 */
final class SmartLog
{
    private final TreeSet<Long> pending = new TreeSet<>();
    private long starts = 1;
    private long poweredNs;
    private long poweredSinceNs;
    private long reallocated;
    private long uncorrectable;
    private long crcErrors;
    private long read;
    private long written;

    void powerOn(final long nowNs)
    {
        poweredSinceNs = nowNs;
    }

    void powerOff(final long nowNs)
    {
        poweredNs += nowNs - poweredSinceNs;
    }

    void powerOnAgain(final long nowNs)
    {
        starts++;
        powerOn(nowNs);
    }

    void unreadable(final long offsetBytes)
    {
        uncorrectable++;
        pending.add(offsetBytes);
    }

    void rewritten(final long from, final long to)
    {
        if (!pending.isEmpty())
        {
            final int before = pending.size();
            pending.subSet(from, to).clear();
            reallocated += before - pending.size();
        }
    }

    void linkError()
    {
        crcErrors++;
    }

    void transferred(final long readBytes, final long writtenBytes)
    {
        read += readBytes;
        written += writtenBytes;
    }

    long transferredBytes()
    {
        return read + written;
    }

    SmartAttributes at(final long nowNs, final boolean powered)
    {
        final long onNs = poweredNs + (powered ? nowNs - poweredSinceNs : 0);
        return new SmartAttributes(TimeUnit.NANOSECONDS.toHours(onNs), starts, reallocated, pending.size(),
            uncorrectable, crcErrors, read, written);
    }
}
