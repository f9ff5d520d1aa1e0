package io.farblock.blockdev.nbd;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;

/**
 * What a server said of an export. Immutable.
 *
 * @param minimumBytes smallest unit of a request.
 * @param maximumBytes longest payload.
 * @param status       whether base:allocation may be asked for.
 * @param contextId    the server's number for base:allocation.
 */
record Negotiated(long sizeBytes, int flags, long minimumBytes, long maximumBytes, boolean status, int contextId)
{
    private static final int LEAST_SECTOR_BYTES = 512;
    private static final int LARGEST_SECTOR_BYTES = 65_536;

    /** Whether all of these were set. */
    boolean has(final int wanted)
    {
        return (flags & wanted) == wanted;
    }

    /** @throws DeviceException when this is no shape that a device can have. */
    Geometry geometry(final String where) throws DeviceException
    {
        if (minimumBytes < 1 || minimumBytes > LARGEST_SECTOR_BYTES || Long.bitCount(minimumBytes) != 1)
        {
            throw new DeviceException(Errno.EINVAL, where + ": the server's smallest block is " + minimumBytes +
                " bytes, expected a power of two of at most " + LARGEST_SECTOR_BYTES);
        }
        final int sector = (int)Math.max(LEAST_SECTOR_BYTES, minimumBytes);
        if (maximumBytes < sector)
        {
            throw new DeviceException(Errno.EINVAL, where + ": the server's longest payload is " + maximumBytes +
                " bytes, expected at least a sector of " + sector);
        }
        if (sizeBytes < 0 || sizeBytes % sector != 0)
        {
            throw new DeviceException(Errno.EINVAL, where + ": the export has " + Long.toUnsignedString(sizeBytes) +
                " bytes, expected a multiple of the sector of " + sector +
                "; have the server round it (nbdkit --filter=truncate round-up=" + sector + ")");
        }
        return new Geometry(sizeBytes, sector, 1);
    }
}
