package io.farblock.blockdev;

/**
 * The shape of a device.
 *
 * @param sizeBytes      capacity, a multiple of {@code sectorBytes}.
 * @param sectorBytes    smallest unit of a transfer (the logical sector); a power of two, at least 512.
 * @param alignmentBytes what a buffer's memory address must be a multiple of; a power of two, at least 1.
 */
public record Geometry(long sizeBytes, int sectorBytes, int alignmentBytes)
{
    public Geometry
    {
        if (sectorBytes < 512 || Integer.bitCount(sectorBytes) != 1)
        {
            throw new IllegalArgumentException("sectorBytes=" + sectorBytes + ", expected a power of two >= 512");
        }
        if (sizeBytes < 0 || sizeBytes % sectorBytes != 0)
        {
            throw new IllegalArgumentException(
                "sizeBytes=" + sizeBytes + ", expected a multiple of sectorBytes=" + sectorBytes);
        }
        if (alignmentBytes < 1 || Integer.bitCount(alignmentBytes) != 1)
        {
            throw new IllegalArgumentException("alignmentBytes=" + alignmentBytes + ", expected a power of two");
        }
    }
}
