package io.farblock.replication.status;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What a stage has done and what that cost: blocks and bytes, written by the stage's thread alone, and the processor
 * time of that thread. Nothing is allocated while counting.
 */
public final class StageMeter
{
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String name;
    private volatile long threadId = -1;
    private volatile long blocks;
    private volatile long bytes;

    public StageMeter(final String name)
    {
        this.name = name;
    }

    /** Called once on the stage's thread, so that its processor time can be asked for. */
    public void started()
    {
        threadId = Thread.currentThread().getId();
    }

    /** One more block of so many bytes. */
    public void count(final int blockLengthBytes)
    {
        blocks++;
        bytes += blockLengthBytes;
    }

    /** Where the stage stands; processor time is 0 when it never ran on a thread of its own. */
    public SourceStatus.StageStatus status()
    {
        final long id = threadId;
        final long cpuNs = id < 0 ? 0 : Math.max(0, THREADS.getThreadCpuTime(id));
        return new SourceStatus.StageStatus(name, blocks, bytes, cpuNs, allocatedBytes(id));
    }

    private static long allocatedBytes(final long id)
    {
        return id >= 0 && THREADS instanceof com.sun.management.ThreadMXBean hotspot ?
            hotspot.getThreadAllocatedBytes(id) : -1;
    }
}
