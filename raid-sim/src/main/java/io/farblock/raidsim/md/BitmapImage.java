package io.farblock.raidsim.md;

import io.farblock.blockdev.AlignedBuffers;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * The write-intent bitmap as it lies on every member of an array, kept in memory in whole pages: bits are set and
 * cleared here, then the pages that changed are written to each member with
 * {@link MemberFormat#writeBitmapPage}. One thread. Setting, clearing and writing allocate nothing.
 *
 * <pre>
 *    0 u32 magic "bitm"      24 u64 events           48 u32 state flags
 *    4 u32 version 4         32 u64 events cleared   52 u32 chunk, bytes
 *    8 16  array's uuid      40 u64 sectors covered  56 u32 delay, seconds
 *  256 the bits: chunk c is bit c % 8 of byte c / 8
 * </pre>
 */
public final class BitmapImage
{
    /** What is written at once. */
    public static final int PAGE_BYTES = 4096;

    private static final int MAGIC = 0x6d746962;
    private static final int VERSION = 4;
    private static final int HEAD_BYTES = 256;
    /** mdadm's default. */
    private static final int DELAY_SECONDS = 5;
    private static final int STATE_STALE = 2;

    private final ByteBuffer bytes;
    private final long chunks;

    /**
     * With no bit set.
     *
     * @throws IllegalArgumentException for an array that has no bitmap, or one with too many bits.
     */
    public BitmapImage(final ArrayDescription array)
    {
        chunks = array.bitmapChunks();
        if (chunks < 1 || chunks > 1L << 27)
        {
            throw new IllegalArgumentException("bitmapChunkBytes=" + array.bitmapChunkBytes() + " makes " + chunks +
                " chunks, expected 1 to 2^27; choose other chunks");
        }
        bytes = AlignedBuffers.allocate((int)bytes(chunks));
        bytes.putInt(0, MAGIC).putInt(4, VERSION)
            .putLong(8, Long.reverseBytes(array.array().getMostSignificantBits()))
            .putLong(16, Long.reverseBytes(array.array().getLeastSignificantBits()))
            .putLong(40, array.bitmapCoveredBytes() / ArrayDescription.SECTOR_BYTES)
            .putInt(52, (int)array.bitmapChunkBytes())
            .putInt(56, DELAY_SECONDS);
    }

    static long bytes(final long chunks)
    {
        return chunks == 0 ? 0 : (HEAD_BYTES + (chunks + 7) / 8 + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    /** How many bits there are. */
    public long chunks()
    {
        return chunks;
    }

    /** How many pages there are; the first holds the head too. */
    public int pages()
    {
        return bytes.capacity() / PAGE_BYTES;
    }

    /** The page that holds a chunk's bit. */
    public int page(final long chunk)
    {
        return at(chunk) / PAGE_BYTES;
    }

    /** Sets a chunk's bit; says whether it was clear, so that its page must be written before the chunk is. */
    public boolean set(final long chunk)
    {
        final boolean changes = !isSet(chunk);
        bytes.put(at(chunk), (byte)(bytes.get(at(chunk)) | 1 << (chunk & 7)));
        return changes;
    }

    /** Clears a chunk's bit; says whether it was set. */
    public boolean clear(final long chunk)
    {
        final boolean changes = isSet(chunk);
        bytes.put(at(chunk), (byte)(bytes.get(at(chunk)) & ~(1 << (chunk & 7))));
        return changes;
    }

    /** Whether a chunk's bit is set. */
    public boolean isSet(final long chunk)
    {
        return (bytes.get(at(chunk)) >> (chunk & 7) & 1) != 0;
    }

    /** The first chunk from {@code from} on whose bit is set, or -1. */
    public long next(final long from)
    {
        long chunk = from;
        while (chunk < chunks)
        {
            if (bytes.get(at(chunk)) == 0)
            {
                chunk = (chunk | 7) + 1;
            }
            else if (isSet(chunk))
            {
                return chunk;
            }
            else
            {
                chunk++;
            }
        }
        return -1;
    }

    /** Sets the bits that are set in {@code bits}, as {@link io.farblock.blockdev.raid.MdBitmap#bits()} gives them. */
    public void setAll(final BitSet bits)
    {
        bits.stream().forEach(this::set);
    }

    /** Says in the head of which event the bitmap is; at least the event in the superblock beside it. */
    public void setEvents(final long events, final long eventsCleared)
    {
        bytes.putLong(24, events).putLong(32, eventsCleared);
    }

    /** Says in the head that the bitmap missed changes and means nothing: a reader takes all bits as set. */
    public void setStale(final boolean stale)
    {
        bytes.putInt(48, stale ? STATE_STALE : 0);
    }

    /** The pages, for {@link MemberFormat} to write. */
    ByteBuffer pageBytes()
    {
        return bytes;
    }

    private int at(final long chunk)
    {
        if (chunk < 0 || chunk >= chunks)
        {
            throw new IndexOutOfBoundsException("chunk " + chunk + " of a bitmap of " + chunks);
        }
        return HEAD_BYTES + (int)(chunk >>> 3);
    }
}
