package io.farblock.powersim.explore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** 4 KiB of a device or file, never changed once made; where one is missing there are zeros. One thread. */
final class Page
{
    static final int BYTES = 4096;
    static final int SECTOR_BYTES = 512;

    private static final byte[] ZEROS = new byte[BYTES];

    private final byte[] bytes;
    private long hash;

    private Page(final byte[] bytes)
    {
        this.bytes = bytes;
    }

    /** Takes the array over; null when it is all zeros. */
    static Page of(final byte[] bytes)
    {
        return Arrays.equals(bytes, ZEROS) ? null : new Page(bytes);
    }

    /** The bytes of a page that may be missing; not to be changed. */
    static byte[] bytes(final Page page)
    {
        return page == null ? ZEROS : page.bytes;
    }

    /** Of the content, 0 for zeros. */
    static long hash(final Page page)
    {
        return page == null ? 0 : page.hash();
    }

    private long hash()
    {
        if (hash == 0)
        {
            final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            long sum = 1;
            for (int i = 0; i < BYTES; i += 8)
            {
                sum = (sum ^ view.getLong(i)) * 0x9e37_79b9_7f4a_7c15L;
                sum ^= sum >>> 32;
            }
            hash = sum | 1;
        }
        return hash;
    }

    /** So that equal pieces at different places count differently. */
    static long mixed(final long left, final long right)
    {
        long mixed = left * 0xc2b2_ae3d_27d4_eb4fL + Long.rotateLeft(right, 31) * 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ mixed >>> 29) * 0xbf58_476d_1ce4_e5b9L;
        return mixed ^ mixed >>> 32;
    }
}
