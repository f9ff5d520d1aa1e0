package io.farblock.replication.source;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * Looks once a second at the arrays below the volumes, so that what happens to one is on record also when nobody asks
 * for status meanwhile. What comes and goes within a second may escape it.
 *
 * <p>Thread {@code src-arrays}: a kernel that is slow to answer holds up nobody else.
 */
final class ArraysAgent implements Agent
{
    private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<SourceVolume> volumes;
    private final NanoClock clock;
    private final EpochClock wall;
    private boolean begun;
    private long lookedNs;

    ArraysAgent(final List<SourceVolume> volumes, final SourceRuntime runtime)
    {
        this.volumes = volumes;
        this.clock = runtime.clock();
        this.wall = runtime.wall();
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        if (!begun || nowNs - lookedNs >= PERIOD_NS)
        {
            begun = true;
            lookedNs = nowNs;
            for (int i = 0; i < volumes.size(); i++)
            {
                volumes.get(i).history().look(volumes.get(i).array(), wall.time());
            }
        }
        return 0;
    }

    @Override
    public String roleName()
    {
        return "src-arrays";
    }
}
