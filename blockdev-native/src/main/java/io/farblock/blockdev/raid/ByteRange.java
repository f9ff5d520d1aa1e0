package io.farblock.blockdev.raid;

/**
 * A stretch of an array. An immutable value.
 *
 * @param offsetBytes first byte.
 * @param lengthBytes at least 1.
 */
public record ByteRange(long offsetBytes, long lengthBytes)
{
}
