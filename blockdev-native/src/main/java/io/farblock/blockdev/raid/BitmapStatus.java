package io.farblock.blockdev.raid;

/**
 * What the kernel says of an array's write-intent bitmap. An immutable value.
 *
 * @param location   "none", "file", or sectors from the superblock: "+8".
 * @param chunkBytes what one bit stands for.
 * @param timeBaseS  a bit may go so many seconds after its last write, though mostly later; what else is known of
 *                   writes must be durable by then.
 */
public record BitmapStatus(String location, long chunkBytes, long timeBaseS)
{
    /** Whether the array has a bitmap on its members. */
    public boolean isInternal()
    {
        return location.startsWith("+") || location.startsWith("-");
    }
}
