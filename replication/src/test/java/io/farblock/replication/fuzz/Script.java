package io.farblock.replication.fuzz;

import java.util.Arrays;

/**
 * The bytes that a fuzzer makes up, read as decisions. Whatever they are they mean something, and when they are at an
 * end everything is 0: so a shorter input is a shorter story, and a byte changed somewhere changes that one decision.
 */
public final class Script
{
    private static final long[] EDGES = {
        -1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 31, 0xFFFF_FFFFL, 1L << 32, Short.MAX_VALUE,
        1 << 15, 0xFFFF, 1 << 16, 4096, 512, 1 << 20, 1L << 40};
    private static final int SMALL = 256 - EDGES.length - 1;

    private final byte[] bytes;
    private int at;

    public Script(final byte[] bytes)
    {
        this.bytes = bytes;
    }

    public boolean isOver()
    {
        return at >= bytes.length;
    }

    /** 0 to 255. */
    public int octet()
    {
        return isOver() ? 0 : bytes[at++] & 0xFF;
    }

    /** 0 to {@code bound - 1}, of at most 256. */
    public int choice(final int bound)
    {
        return octet() % bound;
    }

    /** Mostly small, often where arithmetic goes wrong, sometimes anything. */
    public long number()
    {
        final int octet = octet();
        if (octet < SMALL)
        {
            return octet;
        }
        return octet < 255 ? EDGES[octet - SMALL] : any();
    }

    /** So many octets, or as many as are left. */
    public byte[] octets(final int count)
    {
        final int end = Math.min(bytes.length, at + count);
        final byte[] taken = Arrays.copyOfRange(bytes, Math.min(at, end), end);
        at = end;
        return taken;
    }

    private long any()
    {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++)
        {
            value = value << 8 | octet();
        }
        return value;
    }
}
