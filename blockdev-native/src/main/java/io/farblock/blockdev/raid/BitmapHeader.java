package io.farblock.blockdev.raid;

import static io.farblock.blockdev.raid.Unusable.Cause.DAMAGED;
import static io.farblock.blockdev.raid.Unusable.Cause.STALE;
import static io.farblock.blockdev.raid.Unusable.Cause.UNKNOWN_FORMAT;
import static io.farblock.blockdev.raid.UnusableException.require;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The head of an internal bitmap, which was checked against the member's superblock. An immutable value.
 *
 * <pre>
 *    0 u32 magic "bitm"      24 u64 events           48 u32 state flags        60 u32 write-behind
 *    4 u32 version           32 u64 events cleared   52 u32 chunk, bytes       64 u32 sectors reserved
 *    8 16  array's uuid      40 u64 sectors covered  56 u32 delay, seconds     68 u32 cluster nodes
 *  256 the bits: chunk c is bit c % 8 of byte c / 8; those after the last chunk mean nothing
 *   state flags: 2 stale, 4 write error
 * </pre>
 *
 * There is no checksum. A bitmap is at least as new as the superblock beside it: the kernel writes it first.
 *
 * @param chunkBytes     what a bit stands for; a power of two.
 * @param coveredSectors of the array for RAID 1 and 10, of each member for RAID 4, 5 and 6.
 * @param events         of the array when the bitmap was written.
 * @param eventsCleared  bits have been cleared up to this event: a member that is older wants a full rebuild.
 * @param timeBaseS      a bit is cleared at the second of two passes that are so many seconds apart.
 */
record BitmapHeader(long chunkBytes, long coveredSectors, long events, long eventsCleared, long timeBaseS)
{
    static final int BYTES = 256;
    /** 16 MiB of bits; the kernel's own tools reserve 128 KiB at most. */
    static final long MAX_CHUNKS = 1L << 27;

    private static final int MAGIC = 0x6d746962;
    private static final int VERSION = 4;
    private static final int VERSION_CLUSTERED = 5;
    private static final int STATE_STALE = 2;
    private static final int STATE_WRITE_ERROR = 4;

    static BitmapHeader parse(final ByteBuffer bytes, final MdSuperblock superblock) throws UnusableException
    {
        final int version = bytes.getInt(4);
        final UUID array = MdSuperblock.uuid(bytes, 8);
        final int state = bytes.getInt(48);
        final BitmapHeader found = new BitmapHeader(
            Integer.toUnsignedLong(bytes.getInt(52)), bytes.getLong(40), bytes.getLong(24),
            bytes.getLong(32), Integer.toUnsignedLong(bytes.getInt(56)));
        require(bytes.getInt(0) == MAGIC, DAMAGED, String.format(
            "the bitmap begins with %08x, expected %08x (\"bitm\")", bytes.getInt(0), MAGIC));
        require(version != VERSION_CLUSTERED && bytes.getInt(68) == 0, Unusable.Cause.CLUSTERED,
            "the bitmap belongs to a cluster of " + bytes.getInt(68) + " nodes");
        require(version == VERSION, UNKNOWN_FORMAT,
            "the bitmap has version " + version + ", expected " + VERSION);
        require(array.equals(superblock.array()), Unusable.Cause.FOREIGN,
            "the bitmap belongs to the array " + array + ", expected " + superblock.array());
        require((state & (STATE_STALE | STATE_WRITE_ERROR)) == 0, STALE,
            "the bitmap is marked as not to be trusted (state " + state + ")");
        require(Long.compareUnsigned(found.events, superblock.events()) >= 0, STALE,
            "the bitmap is of event " + found.events + ", its array of event " + superblock.events());
        found.requireSane();
        return found;
    }

    private void requireSane() throws UnusableException
    {
        require(chunkBytes >= MemberBytes.SECTOR_BYTES && Long.bitCount(chunkBytes) == 1, DAMAGED,
            "the bitmap has chunks of " + chunkBytes + " bytes, expected a power of two of at least 512");
        require(coveredSectors > 0 && coveredSectors < 1L << 53, DAMAGED,
            "the bitmap covers " + coveredSectors + " sectors");
        require(chunks() <= MAX_CHUNKS, UNKNOWN_FORMAT,
            "the bitmap has " + chunks() + " chunks, at most " + MAX_CHUNKS + " are read");
    }

    long chunks()
    {
        final long chunkSectors = chunkBytes / MemberBytes.SECTOR_BYTES;
        return (coveredSectors + chunkSectors - 1) / chunkSectors;
    }
}
