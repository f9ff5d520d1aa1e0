package io.farblock.raidsim.array;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Closes the write hole: the new strips of a stripe are here, flushed, before any of them goes to its member. After a
 * crash they are written again, so that no stripe is half old and half new, also where a member is missing. On a device
 * of its own, in blocks of 4 KiB, little-endian.
 *
 * <pre>
 *   block 0, 1     heads, in turn:    u64 "fbraidjl"   u32 crc32c (as 0)   u32 0   16 array's uuid
 *                                     u64 version of the head   u64 array's events   u64 tail   u64 sequence there
 *   from block 2   ring of entries:   u64 "fbstripe"   u32 crc32c of this block (as 0)   u32 crc32c of the strips
 *                                     u64 sequence   u64 stripe   u32 column   u32 length   u64 mask of strips
 *                                     then, unless the length's sign says zeros, the strips, length each
 * </pre>
 *
 * An entry is never split by the ring's end. The head knows every event of the array: a journal that was away while the
 * array ran without it is out of date and is not used. Whoever appends holds this object's monitor until the strips are
 * on their members, so that entries and strips have one order; heads have a lock of their own, the innermost of all.
 */
final class StripeJournal
{
    /** What columns and lengths are multiples of. */
    static final int BLOCK_BYTES = 4096;

    private static final long HEAD_MAGIC = 0x6c6a646961726266L;
    private static final long ENTRY_MAGIC = 0x6570697274736266L;
    private static final int CRC_AT = 8;
    private static final long RING_AT = 2L * BLOCK_BYTES;

    private final BlockDevice device;
    private final UUID array;
    private final long ringBytes;
    private final ByteBuffer entry;
    private final ByteBuffer headBlock = AlignedBuffers.allocate(BLOCK_BYTES);
    private final Object head = new Object();
    private long version;
    private long events;
    private long tail;
    private long tailSequence;
    private long next;
    private long nextSequence;
    private boolean unreadable;
    private volatile boolean failed;

    /** A journal on this device, for stripes of so many strips; {@link #format} or {@link #load} follows. */
    StripeJournal(final BlockDevice device, final UUID array, final int strips) throws RaidException
    {
        this.device = device;
        this.array = array;
        this.ringBytes = device.geometry().sizeBytes() / BLOCK_BYTES * BLOCK_BYTES - RING_AT;
        this.entry = AlignedBuffers.allocate(BLOCK_BYTES + strips * StripeBuffers.PIECE_BYTES);
        if (ringBytes < 2L * entry.capacity())
        {
            throw new RaidException(device.name() + " has " + device.geometry().sizeBytes() +
                " bytes, expected at least " + (RING_AT + 2L * entry.capacity()) + " for a journal");
        }
    }

    /** Whether it holds a journal, of whatever array, or nothing: then it may be emptied. */
    boolean isFree()
    {
        boolean isBlank = true;
        for (int slot = 0; slot < 2; slot++)
        {
            final boolean isRead = device.read((long)slot * BLOCK_BYTES, headBlock, 0, BLOCK_BYTES) >= 0;
            if (isRead && headBlock.getLong(0) == HEAD_MAGIC)
            {
                return true;
            }
            isBlank &= !isRead || isZero(headBlock);
        }
        // a head that a power cut took may have left zeros, so only what is behind has to be a hole
        final long data = device.nextData(RING_AT);
        return isBlank && (data < 0 || data >= device.geometry().sizeBytes());
    }

    private static boolean isZero(final ByteBuffer block)
    {
        long found = 0;
        for (int at = 0; at < BLOCK_BYTES; at += Long.BYTES)
        {
            found |= block.getLong(at);
        }
        return found == 0;
    }

    /** Empties it, whatever it held; 0 or -errno. */
    int format()
    {
        synchronized (head)
        {
            // an entry of its last life could follow the newest one with the very number that is expected there;
            // flushed before the heads are written: a power cut between must not leave new heads and old entries
            failed = device.zero(RING_AT, ringBytes) < 0 || device.flush() < 0;
            tail = 0;
            next = 0;
            tailSequence = Math.max(1, nextSequence);
            nextSequence = tailSequence;
            final int first = writeHead();
            return Math.min(first, writeHead());
        }
    }

    /**
     * Reads the head.
     *
     * @return whether this is the array's journal, knows of all that happened up to this event and can be read.
     */
    boolean load(final long arrayEvents)
    {
        boolean found = false;
        for (int slot = 0; slot < 2; slot++)
        {
            unreadable |= device.read((long)slot * BLOCK_BYTES, headBlock, 0, BLOCK_BYTES) < 0;
            final boolean good = !unreadable && headBlock.getLong(0) == HEAD_MAGIC && isSound(headBlock) &&
                headBlock.getLong(16) == array.getMostSignificantBits() &&
                headBlock.getLong(24) == array.getLeastSignificantBits();
            if (good && headBlock.getLong(32) > version)
            {
                found = true;
                version = headBlock.getLong(32);
                events = headBlock.getLong(40);
                tail = headBlock.getLong(48);
                tailSequence = headBlock.getLong(56);
            }
        }
        return found && events >= arrayEvents && tail >= 0 && tail <= ringBytes && tail % BLOCK_BYTES == 0 &&
            replay((piece, strip, data) -> { }) >= 0;
    }

    /** Where entries go when they are replayed. */
    interface Replay
    {
        void strip(StripePiece piece, int strip, ByteBuffer data);
    }

    /**
     * Hands out all entries since the tail, oldest first; the caller flushes and calls {@link #reclaim}.
     *
     * @return how many, or -EIO if one cannot be read: who knows how many there were.
     */
    synchronized int replay(final Replay target)
    {
        int entries = 0;
        next = tail;
        nextSequence = tailSequence;
        while (readEntry(placeOfNext()))
        {
            final boolean zeros = entry.getInt(36) < 0;
            final int length = Math.abs(entry.getInt(36));
            final long mask = entry.getLong(40);
            final StripePiece piece = new StripePiece(entry.getLong(24), entry.getInt(32), length, 0, 0);
            int at = BLOCK_BYTES;
            for (int strip = 0; strip < Long.SIZE; strip++)
            {
                if ((mask >>> strip & 1) != 0)
                {
                    target.strip(piece, strip, zeros ? null : entry.slice(at, length).order(entry.order()));
                    at += zeros ? 0 : length;
                }
            }
            next = placeOfNext() + at;
            nextSequence++;
            entries++;
        }
        return unreadable ? -Errno.EIO : entries;
    }

    /** Where the next entry begins: at the ring's begin if the largest would not fit before its end. */
    private long placeOfNext()
    {
        return ringBytes - next < entry.capacity() ? 0 : next;
    }

    private boolean readEntry(final long at)
    {
        if (!reads(at, 0, BLOCK_BYTES) || entry.getLong(0) != ENTRY_MAGIC || entry.getLong(16) != nextSequence)
        {
            return false;
        }
        final int length = Math.max(0, entry.getInt(36));
        final long bytes = (long)length * Long.bitCount(entry.getLong(40));
        return isSound(entry) && bytes <= entry.capacity() - BLOCK_BYTES &&
            (bytes == 0 || reads(at, BLOCK_BYTES, (int)bytes)) &&
            entry.getInt(12) == crc(entry, BLOCK_BYTES, (int)bytes);
    }

    private boolean reads(final long at, final int index, final int lengthBytes)
    {
        unreadable |= device.read(RING_AT + at + index, entry, index, lengthBytes) < 0;
        return !unreadable;
    }

    /** Whether there is room for a piece of a stripe; without it, members are flushed and {@link #reclaim} called. */
    boolean hasRoom()
    {
        final long needed = entry.capacity();
        return next >= tail ? ringBytes - next >= needed || tail > needed : tail - next > needed;
    }

    /**
     * Appends new strips of a piece, and waits until they are durable.
     *
     * @param strips null for those that do not change; all of them null for zeros.
     * @param mask   of the strips that change.
     * @return 0 or -errno: then the journal is of no use any more.
     */
    int append(final StripePiece piece, final ByteBuffer[] strips, final long mask)
    {
        if (failed)
        {
            return -Errno.EIO;
        }
        int at = BLOCK_BYTES;
        for (int strip = 0; strips != null && strip < strips.length; strip++)
        {
            if ((mask >>> strip & 1) != 0)
            {
                entry.put(at, strips[strip], 0, piece.length());
                at += piece.length();
            }
        }
        next = placeOfNext();
        entry.putLong(0, ENTRY_MAGIC).putInt(12, crc(entry, BLOCK_BYTES, at - BLOCK_BYTES))
            .putLong(16, nextSequence).putLong(24, piece.stripe()).putInt(32, piece.column())
            .putInt(36, strips == null ? -piece.length() : piece.length()).putLong(40, mask);
        seal(entry);
        int result = device.write(RING_AT + next, entry, 0, at);
        // durable before the first strip goes to its member: else a power cut leaves a torn stripe that nobody can mend
        result = result < 0 ? result : device.flush();
        next += at;
        nextSequence++;
        failed = result < 0;
        return Math.min(0, result);
    }

    /** Forgets all entries: their strips are on the members, flushed. */
    int reclaim()
    {
        synchronized (head)
        {
            tail = next;
            tailSequence = nextSequence;
            return writeHead();
        }
    }

    /** Has the head know of an event before the members' superblocks do. */
    int setEvents(final long arrayEvents)
    {
        synchronized (head)
        {
            events = arrayEvents;
            return writeHead();
        }
    }

    boolean hasFailed()
    {
        return failed;
    }

    BlockDevice device()
    {
        return device;
    }

    private int writeHead()
    {
        version++;
        headBlock.putLong(0, HEAD_MAGIC).putInt(12, 0).putLong(16, array.getMostSignificantBits())
            .putLong(24, array.getLeastSignificantBits()).putLong(32, version).putLong(40, events)
            .putLong(48, tail).putLong(56, tailSequence);
        seal(headBlock);
        // in turn, so that a torn head leaves the one before; flushed, or entries could overwrite what it still names
        int result = failed ? -Errno.EIO : device.write(version % 2 * BLOCK_BYTES, headBlock, 0, BLOCK_BYTES);
        result = result < 0 ? result : device.flush();
        failed |= result < 0;
        return Math.min(0, result);
    }

    private static void seal(final ByteBuffer block)
    {
        block.putInt(CRC_AT, 0);
        block.putInt(CRC_AT, crc(block, 0, BLOCK_BYTES));
    }

    private static boolean isSound(final ByteBuffer block)
    {
        final int found = block.getInt(CRC_AT);
        block.putInt(CRC_AT, 0);
        return crc(block, 0, BLOCK_BYTES) == found;
    }

    private static int crc(final ByteBuffer bytes, final int index, final int lengthBytes)
    {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.slice(index, lengthBytes));
        return (int)crc.getValue();
    }
}
