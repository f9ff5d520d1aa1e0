package io.farblock.powersim;

/**
 * What a {@link VolatileDevice} is like. An immutable value.
 *
 * @param cacheBytes what is beyond it goes to the wrapped device, oldest first, as a real cache does; zeroed and
 *                   discarded ranges count as one sector. 0 makes every write survive.
 * @param unitBytes  what the medium writes whole or not at all, a power of two; what is less than a sector of the
 *                   wrapped device is one.
 * @param lies       whether flushes do what they say.
 */
public record VolatileSetup(long cacheBytes, int unitBytes, FlushLies lies)
{
    /** How much a device caches that was not told otherwise. */
    public static final long DEFAULT_CACHE_BYTES = 64L * 1024 * 1024;
    /** Of disks with sectors of 512 bytes. */
    public static final int SECTOR_BYTES = 512;
    /** Of disks with sectors, or pages, of 4 KiB, also those that present them as smaller ones. */
    public static final int GRANULE_BYTES = 4096;

    public VolatileSetup
    {
        if (cacheBytes < 0)
        {
            throw new IllegalArgumentException("cacheBytes=" + cacheBytes + ", expected at least 0");
        }
        if (unitBytes < SECTOR_BYTES || Integer.bitCount(unitBytes) != 1)
        {
            throw new IllegalArgumentException("unitBytes=" + unitBytes + ", expected a power of two of at least " +
                SECTOR_BYTES);
        }
    }

    /** Torn at sectors, honest, with the default cache. */
    public static VolatileSetup plain()
    {
        return new VolatileSetup(DEFAULT_CACHE_BYTES, SECTOR_BYTES, FlushLies.NONE);
    }

    public VolatileSetup withCacheBytes(final long changed)
    {
        return new VolatileSetup(changed, unitBytes, lies);
    }

    public VolatileSetup withUnitBytes(final int changed)
    {
        return new VolatileSetup(cacheBytes, changed, lies);
    }

    public VolatileSetup withLies(final FlushLies changed)
    {
        return new VolatileSetup(cacheBytes, unitBytes, changed);
    }
}
