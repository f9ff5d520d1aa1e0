package io.farblock.blockdev.raid;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads stretches of a member that start at any sector and have any length, whatever the member's own sector size.
 * A stretch that does not lie within the member is refused before anything is allocated. On the calling thread; owns
 * nothing, the member stays open.
 */
final class MemberBytes
{
    static final int SECTOR_BYTES = 512;
    private static final int PIECE_BYTES = 64 * 1024;

    private final BlockDevice member;

    MemberBytes(final BlockDevice member)
    {
        this.member = member;
    }

    long sizeSectors()
    {
        return member.geometry().sizeBytes() / SECTOR_BYTES;
    }

    /** Whether the stretch lies within the member. */
    boolean holds(final long sector, final long lengthBytes)
    {
        final long size = member.geometry().sizeBytes();
        return sector >= 0 && lengthBytes >= 0 && sector <= size / SECTOR_BYTES &&
            lengthBytes <= size - sector * SECTOR_BYTES;
    }

    /** The bytes from {@code sector} on, little-endian. */
    ByteBuffer read(final long sector, final int lengthBytes) throws UnusableException
    {
        UnusableException.require(holds(sector, lengthBytes), Unusable.Cause.UNREADABLE, "sector " + sector + " + " +
            lengthBytes + " bytes lies outside of its " + sizeSectors() + " sectors");
        final byte[] result = new byte[lengthBytes];
        final int unit = Math.max(member.geometry().sectorBytes(), AlignedBuffers.PAGE_BYTES);
        final ByteBuffer piece = AlignedBuffers.allocate(Math.max(PIECE_BYTES, unit));
        final long from = sector * SECTOR_BYTES;
        int done = 0;
        while (done < lengthBytes)
        {
            final long at = (from + done) / unit * unit;
            final int within = (int)(from + done - at);
            final int wanted = Math.min(lengthBytes - done, piece.capacity() - within);
            final long end = Math.min((at + within + wanted + unit - 1) / unit * unit, member.geometry().sizeBytes());
            final int read = member.read(at, piece, 0, (int)(end - at));
            UnusableException.require(read == end - at, Unusable.Cause.UNREADABLE,
                "reading at byte " + at + " failed: " + Errno.describe(read));
            piece.get(within, result, done, wanted);
            done += wanted;
        }
        return ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
    }
}
