package io.farblock.raidsim.disk;

import io.farblock.raidsim.disk.FaultHit.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the faults of one disk did: the first so many hits one by one, the rest as a number, and all of them told to a
 * listener. Guarded by the disk's lock, under which the listener is called: it must be quick, and must not wait for
 * anybody who uses the disk.
 */
final class HitLog
{
    private final int limit;
    private final Consumer<FaultHit> listener;
    private final List<FaultHit> hits = new ArrayList<>();
    private long count;

    HitLog(final int limit, final Consumer<FaultHit> listener)
    {
        this.limit = limit;
        this.listener = listener;
    }

    /** @return what the disk is to answer: the negated error, or 0. */
    int add(final DiskFault fault, final Operation operation, final long offsetBytes, final long lengthBytes,
        final int errno)
    {
        final FaultHit hit = new FaultHit(fault, operation, offsetBytes, lengthBytes, errno);
        if (hits.size() < limit)
        {
            hits.add(hit);
        }
        count++;
        listener.accept(hit);
        return -errno;
    }

    List<FaultHit> first()
    {
        return List.copyOf(hits);
    }

    long count()
    {
        return count;
    }
}
