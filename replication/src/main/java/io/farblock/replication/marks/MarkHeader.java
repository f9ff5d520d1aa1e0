package io.farblock.replication.marks;

import io.farblock.blockdev.dirty.MarkedTracker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a saved map says of itself. An immutable value; on disk one page, little-endian:
 *
 * <pre>
 *    0 u64 magic and version    8 u64 sequence     16 u128 volume         32 u64 volume's bytes
 *   40 u32 bytes of a unit     44 u32 flags        48 u128 boot           64 u64 began, ms since 1970
 *   72 u64 sum of the pages    80 u256 fingerprint
 *  112 u16 length of the reason, then the reason in UTF-8                 4092 u32 CRC32C of all before
 *  flags: 1 whole, 2 clean
 * </pre>
 *
 * @param sequence    of the write; grows by one each time.
 * @param volume      whose map it is.
 * @param sizeBytes   of the volume.
 * @param boot        the start of the kernel in which it was written.
 * @param beganMs     when the look began: what was marked before then is in it.
 * @param pageSum     of the pages that belong to it, see {@link MarkFile}.
 * @param incomplete  why the marks do not tell all (a gap is open); empty when they do.
 * @param clean       whether nothing was to be written any more: the last look of an orderly shutdown.
 * @param fingerprint of the device when it was marked clean; zeros otherwise.
 */
record MarkHeader(long sequence, UUID volume, long sizeBytes, UUID boot, long beganMs, long pageSum, String incomplete,
    boolean clean, byte[] fingerprint)
{
    static final int BYTES = 4096;
    static final int FINGERPRINT_BYTES = 32;

    private static final long MAGIC = 0x6661_7262_6d6b_0000L;
    private static final int VERSION = 1;
    private static final long VERSION_MASK = 0xffff;
    private static final int WHOLE = 1;
    private static final int CLEAN = 2;
    private static final int REASON_AT = 112;
    private static final int MOST_REASON = 1024;
    private static final int CRC_AT = BYTES - 4;
    private static final int UNIT = MarkedTracker.UNIT_BYTES;

    void putInto(final ByteBuffer page)
    {
        final byte[] reason = incomplete.getBytes(StandardCharsets.UTF_8);
        final int length = Math.min(reason.length, MOST_REASON);
        page.put(0, new byte[BYTES]);
        page.putLong(0, MAGIC | VERSION).putLong(8, sequence);
        page.putLong(16, volume.getMostSignificantBits()).putLong(24, volume.getLeastSignificantBits());
        page.putLong(32, sizeBytes).putInt(40, UNIT);
        page.putInt(44, (incomplete.isEmpty() ? WHOLE : 0) | (clean ? CLEAN : 0));
        page.putLong(48, boot.getMostSignificantBits()).putLong(56, boot.getLeastSignificantBits());
        page.putLong(64, beganMs).putLong(72, pageSum);
        page.put(80, fingerprint, 0, FINGERPRINT_BYTES);
        page.putShort(REASON_AT, (short)length).put(REASON_AT + 2, reason, 0, length);
        page.putInt(CRC_AT, crc(page));
    }

    /**
     * Reads one; null when nothing was written there, or a write was torn.
     *
     * @throws MarkException when it is whole and of no use: another version, volume or size.
     */
    static MarkHeader of(final ByteBuffer page, final UUID volume, final long sizeBytes) throws MarkException
    {
        final long magic = page.getLong(0);
        if ((magic & ~VERSION_MASK) != MAGIC || page.getInt(CRC_AT) != crc(page))
        {
            return null;
        }
        require((magic & VERSION_MASK) == VERSION, "version " + (magic & VERSION_MASK), "version " + VERSION);
        final UUID found = new UUID(page.getLong(16), page.getLong(24));
        require(found.equals(volume), "a map of the volume " + found, "one of " + volume);
        require(page.getLong(32) == sizeBytes, "a map of a volume of " + page.getLong(32) + " bytes",
            "one of " + sizeBytes);
        require(page.getInt(40) == UNIT, "units of " + page.getInt(40) + " bytes", "units of " + UNIT);
        final byte[] reason = new byte[Math.min(MOST_REASON, page.getShort(REASON_AT) & 0xffff)];
        page.get(REASON_AT + 2, reason);
        final byte[] fingerprint = new byte[FINGERPRINT_BYTES];
        page.get(80, fingerprint);
        final int flags = page.getInt(44);
        final String why = new String(reason, StandardCharsets.UTF_8);
        return new MarkHeader(page.getLong(8), volume, sizeBytes, new UUID(page.getLong(48), page.getLong(56)),
            page.getLong(64), page.getLong(72), (flags & WHOLE) != 0 ? "" : why.isEmpty() ? "unknown" : why,
            (flags & CLEAN) != 0, fingerprint);
    }

    /** Of everything before the sum, which is at the end. */
    static int crc(final ByteBuffer page)
    {
        final CRC32C crc = new CRC32C();
        crc.update(page.slice(0, CRC_AT));
        return (int)crc.getValue();
    }

    boolean isFingerprint(final byte[] other)
    {
        return Arrays.equals(fingerprint, other);
    }

    private static void require(final boolean holds, final String found, final String expected) throws MarkException
    {
        if (!holds)
        {
            throw new MarkException("found " + found + ", expected " + expected);
        }
    }
}
