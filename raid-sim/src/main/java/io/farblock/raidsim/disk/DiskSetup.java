package io.farblock.raidsim.disk;

import java.util.function.Consumer;

/**
 * What a {@link SimDisk} is given beside the device that holds its bytes. An immutable value.
 *
 * @param time       the clock it takes time on.
 * @param model      how much; null for none at all.
 * @param cacheBytes how many bytes of writes a power cut can take at most; 0 makes every write survive.
 * @param seed       all chance in the model comes from it.
 * @param listener   is told of every hit, under the disk's lock: it must be quick, and must not wait for anybody who
 *                   uses the disk.
 */
public record DiskSetup(SimTime time, DiskModel model, int cacheBytes, long seed, Consumer<FaultHit> listener)
{
    /** How much a disk may lose that was not told otherwise. */
    public static final int DEFAULT_CACHE_BYTES = 4 * 1024 * 1024;

    public DiskSetup
    {
        if (cacheBytes < 0)
        {
            throw new IllegalArgumentException("cacheBytes=" + cacheBytes + ", expected at least 0");
        }
    }

    /** No time, no listener, the default cache. */
    public static DiskSetup plain()
    {
        return new DiskSetup(new VirtualTime(), null, DEFAULT_CACHE_BYTES, 0, hit -> { });
    }

    public DiskSetup withTime(final SimTime changed)
    {
        return new DiskSetup(changed, model, cacheBytes, seed, listener);
    }

    public DiskSetup withModel(final DiskModel changed)
    {
        return new DiskSetup(time, changed, cacheBytes, seed, listener);
    }

    public DiskSetup withCacheBytes(final int changed)
    {
        return new DiskSetup(time, model, changed, seed, listener);
    }

    public DiskSetup withSeed(final long changed)
    {
        return new DiskSetup(time, model, cacheBytes, changed, listener);
    }

    public DiskSetup withListener(final Consumer<FaultHit> changed)
    {
        return new DiskSetup(time, model, cacheBytes, seed, changed);
    }
}
