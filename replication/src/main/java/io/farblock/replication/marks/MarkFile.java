package io.farblock.replication.marks;

import static io.farblock.blockdev.dirty.MarkedTracker.GROUP_BYTES;
import static io.farblock.blockdev.dirty.MarkedTracker.UNIT_BYTES;
import static io.farblock.blockdev.dirty.MarkedTracker.WORDS_PER_GROUP;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.replication.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The map of what may differ from the sealed copy, on disk: one bit for 64 KiB of the volume, the unit in which the
 * kernel's map keeps what was harvested and not sealed, and the usual block. 1 TiB takes 2 MiB, twice; only pages that
 * changed are written.
 *
 * <pre>
 *   header A | header B | page 0 A | page 0 B | page 1 A | page 1 B | ...        each 4096 bytes
 *
 *   page:   0 u64 magic   8 u64 sequence   16 u64 number   64 bits of 125 groups of 16 MiB, 4000 bytes
 *           4092 u32 CRC32C of all before
 * </pre>
 *
 * Every write goes to the older of two places and carries the sequence of its round; the header of a round carries a
 * sum over number and sequence of every page that belongs to it. One flush a round is enough: if the power fails
 * before, some pages or the header are old or torn, the sum does not fit, and the round before is still there, whole.
 * A page that was never written is empty and has sequence 0.
 *
 * <p>One owning thread at a time. A flush that failed is final: the file has to be made anew.
 */
final class MarkFile implements AutoCloseable
{
    static final int GROUPS_PER_PAGE = 125;
    static final int WORDS_PER_PAGE = GROUPS_PER_PAGE * WORDS_PER_GROUP;

    private static final int PAGE_BYTES = MarkHeader.BYTES;
    private static final int BITS_AT = 64;
    private static final int CRC_AT = PAGE_BYTES - 4;
    private static final long PAGE_MAGIC = 0x6661_7262_7067_0001L;
    private static final int RUN_PAGES = 256;

    private static final Logger LOG = LoggerFactory.getLogger("farblock.marks");

    private final BlockDevice device;
    private final UUID volume;
    private final long sizeBytes;
    /** As they lie on disk or are about to; null where empty since ever. */
    private final ByteBuffer[] pages;
    /** Of the place that counts, for each page. */
    private final long[] sequences;
    private final BitSet inB = new BitSet();
    private final BitSet changed = new BitSet();
    private final ByteBuffer scratch = AlignedBuffers.allocate(PAGE_BYTES);
    private long sequence;
    private long pageSum;
    private boolean headerInB;
    private boolean broken;

    MarkFile(final BlockDevice device, final UUID volume, final long sizeBytes)
    {
        this.device = device;
        this.volume = volume;
        this.sizeBytes = sizeBytes;
        this.pages = new ByteBuffer[pages(sizeBytes)];
        this.sequences = new long[pages.length];
    }

    /**
     * Opens the file of a volume, to be read first.
     *
     * @param name  of the volume's tracker.
     * @param fresh whether what is there is thrown away.
     */
    static MarkFile open(final Storage storage, final Path path, final String name, final long sizeBytes,
        final boolean fresh) throws IOException
    {
        final BlockDevice device = storage.openTable(path, bytes(sizeBytes), fresh);
        if (device.geometry().sizeBytes() != bytes(sizeBytes))
        {
            // of a volume of another size: what is marked in it means nothing here
            device.close();
            LOG.warn("volume={} state=unknown reason=\"{} is for a volume of another size\"", name, path);
            return new MarkFile(storage.openTable(path, bytes(sizeBytes), true), volume(name), sizeBytes);
        }
        return new MarkFile(device, volume(name), sizeBytes);
    }

    private static UUID volume(final String name)
    {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** How large the file for a volume has to be. */
    static long bytes(final long sizeBytes)
    {
        return 2L * PAGE_BYTES * (1 + pages(sizeBytes));
    }

    private static int pages(final long sizeBytes)
    {
        final long perPage = GROUPS_PER_PAGE * GROUP_BYTES;
        return (int)((sizeBytes + perPage - 1) / perPage);
    }

    /**
     * Reads what is there, once, before anything else.
     *
     * @return null when nothing was ever written.
     * @throws MarkException when it is of no use; it says why. The file has to be made anew then.
     */
    MarkHeader read() throws MarkException
    {
        final MarkHeader a = header(0);
        final MarkHeader b = header(1);
        final boolean newestInB = b != null && (a == null || b.sequence() > a.sequence());
        final MarkHeader newest = newestInB ? b : a;
        final MarkHeader older = newestInB ? a : b;
        if (newest == null)
        {
            if (isEmpty())
            {
                return null;
            }
            throw refused("no header that is whole");
        }
        if (load(newest))
        {
            headerInB = newestInB;
            return newest;
        }
        // The round of the newest header was cut off before its flush: the one before was flushed whole.
        if (older != null && load(older))
        {
            headerInB = !newestInB;
            return older;
        }
        throw refused("pages that do not belong together");
    }

    /** How many pages there are; pages hold {@link #GROUPS_PER_PAGE} groups each. */
    int pageCount()
    {
        return pages.length;
    }

    /** Whether a page has no mark. */
    boolean isClear(final int page)
    {
        return pages[page] == null;
    }

    /** The marks of a page. */
    void get(final int page, final long[] words)
    {
        for (int i = 0; i < WORDS_PER_PAGE; i++)
        {
            words[i] = pages[page] == null ? 0 : pages[page].getLong(BITS_AT + 8 * i);
        }
    }

    /** What a page shall hold after the next {@link #write}. Returns whether it differs from what it held. */
    boolean set(final int page, final long[] words)
    {
        boolean differs = false;
        boolean any = false;
        for (int i = 0; i < WORDS_PER_PAGE; i++)
        {
            any |= words[i] != 0;
            differs |= words[i] != (pages[page] == null ? 0 : pages[page].getLong(BITS_AT + 8 * i));
        }
        if (!differs)
        {
            return false;
        }
        if (pages[page] == null)
        {
            pages[page] = page();
        }
        for (int i = 0; i < WORDS_PER_PAGE; i++)
        {
            pages[page].putLong(BITS_AT + 8 * i, words[i]);
        }
        if (!any)
        {
            // memory only for what is marked; the empty page is still to be written over the old one
            pages[page] = null;
        }
        changed.set(page);
        return true;
    }

    /** Whether something waits to be written. */
    boolean hasChanged()
    {
        return !changed.isEmpty();
    }

    /** How much is marked. */
    long markedBytes()
    {
        long units = 0;
        for (final ByteBuffer page : pages)
        {
            for (int i = 0; page != null && i < WORDS_PER_PAGE; i++)
            {
                units += Long.bitCount(page.getLong(BITS_AT + 8 * i));
            }
        }
        return Math.min(sizeBytes, units * UNIT_BYTES);
    }

    /**
     * Writes what changed and a header, and makes it durable.
     *
     * @throws MarkException when that failed; then what is on disk is the round before, and this file takes no more.
     */
    void write(final UUID boot, final long beganMs, final String incomplete, final boolean clean,
        final byte[] fingerprint) throws MarkException
    {
        if (broken)
        {
            throw new MarkException(device.name() + ": a write failed before; the saved map has to be made anew");
        }
        broken = true;
        sequence++;
        for (int page = changed.nextSetBit(0); page >= 0; page = changed.nextSetBit(page + 1))
        {
            writePage(page);
        }
        new MarkHeader(sequence, volume, sizeBytes, boot, beganMs, pageSum, incomplete, clean, fingerprint)
            .putInto(scratch);
        put(headerInB ? 0 : PAGE_BYTES);
        final int result = device.flush();
        if (result < 0)
        {
            // Final: the kernel has dropped what it could not write, so a second flush would prove nothing.
            throw failed("flush", result);
        }
        for (int page = changed.nextSetBit(0); page >= 0; page = changed.nextSetBit(page + 1))
        {
            // Only now: until the flush has returned, the place that was not written is the one that counts.
            inB.flip(page);
        }
        headerInB = !headerInB;
        changed.clear();
        broken = false;
    }

    @Override
    public void close()
    {
        device.close();
    }

    private void writePage(final int page) throws MarkException
    {
        final ByteBuffer content = pages[page];
        if (content == null)
        {
            scratch.put(0, new byte[PAGE_BYTES]);
        }
        else
        {
            scratch.put(0, content, 0, PAGE_BYTES);
        }
        scratch.putLong(0, PAGE_MAGIC).putLong(8, sequence).putLong(16, page);
        scratch.putInt(CRC_AT, MarkHeader.crc(scratch));
        put(placeOf(page, !inB.get(page)));
        pageSum += mixed(page, sequence) - mixed(page, sequences[page]);
        sequences[page] = sequence;
    }

    private void put(final long offset) throws MarkException
    {
        final int result = device.write(offset, scratch, 0, PAGE_BYTES);
        if (result < 0)
        {
            throw failed("write at " + offset, result);
        }
    }

    private static long placeOf(final int page, final boolean second)
    {
        return PAGE_BYTES * (2L + 2L * page + (second ? 1 : 0));
    }

    private MarkHeader header(final int place) throws MarkException
    {
        get((long)place * PAGE_BYTES, scratch, PAGE_BYTES);
        try
        {
            final MarkHeader found = MarkHeader.of(scratch, volume, sizeBytes);
            sequence = found == null ? sequence : Math.max(sequence, found.sequence());
            return found;
        }
        catch (final MarkException ex)
        {
            throw refused(ex.getMessage());
        }
    }

    private boolean isEmpty() throws MarkException
    {
        get(0, scratch, PAGE_BYTES);
        final boolean firstEmpty = scratch.slice(0, PAGE_BYTES).mismatch(ByteBuffer.allocate(PAGE_BYTES)) < 0;
        get(PAGE_BYTES, scratch, PAGE_BYTES);
        return firstEmpty && scratch.slice(0, PAGE_BYTES).mismatch(ByteBuffer.allocate(PAGE_BYTES)) < 0;
    }

    /** Takes over the pages of one header's round; false if they are not all there. */
    private boolean load(final MarkHeader header) throws MarkException
    {
        changed.clear();
        inB.clear();
        pageSum = 0;
        final ByteBuffer run = AlignedBuffers.allocate(2 * PAGE_BYTES * Math.min(RUN_PAGES, pages.length));
        for (int page = 0; page < pages.length; page++)
        {
            final int inRun = page % RUN_PAGES;
            if (inRun == 0)
            {
                get(placeOf(page, false), run, 2 * PAGE_BYTES * Math.min(RUN_PAGES, pages.length - page));
            }
            load(page, run.slice(2 * PAGE_BYTES * inRun, 2 * PAGE_BYTES).order(run.order()), header.sequence());
        }
        return pageSum == header.pageSum();
    }

    private void load(final int page, final ByteBuffer both, final long newest)
    {
        final long a = sequenceOf(page, both.slice(0, PAGE_BYTES).order(both.order()));
        final long b = sequenceOf(page, both.slice(PAGE_BYTES, PAGE_BYTES).order(both.order()));
        sequence = Math.max(sequence, Math.max(a, b));
        final boolean second = b <= newest && (a > newest || b > a);
        final long chosen = second ? b : a > newest ? 0 : a;
        inB.set(page, second);
        sequences[page] = chosen;
        pages[page] = null;
        if (chosen > 0)
        {
            pages[page] = page().put(0, both, second ? PAGE_BYTES : 0, PAGE_BYTES);
            pageSum += mixed(page, chosen);
        }
        if (Math.max(a, b) > newest)
        {
            // Of a round that was cut off: it must not come to life when a later header allows its sequence.
            changed.set(page);
        }
    }

    private static ByteBuffer page()
    {
        return ByteBuffer.allocateDirect(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** 0 where nothing was written or a write was torn. */
    private static long sequenceOf(final int page, final ByteBuffer content)
    {
        final boolean whole = content.getLong(0) == PAGE_MAGIC && content.getLong(16) == page &&
            content.getInt(CRC_AT) == MarkHeader.crc(content);
        return whole ? content.getLong(8) : 0;
    }

    private void get(final long offset, final ByteBuffer into, final int lengthBytes) throws MarkException
    {
        final int result = device.read(offset, into, 0, lengthBytes);
        if (result < 0)
        {
            throw failed("read at " + offset, result);
        }
    }

    /** So that a sum over pages differs when any of them is of another round. */
    private static long mixed(final int page, final long sequence)
    {
        if (sequence == 0)
        {
            return 0;
        }
        long mixed = (page + 1) * 0x9e37_79b9_7f4a_7c15L ^ sequence * 0xc2b2_ae3d_27d4_eb4fL;
        mixed = (mixed ^ mixed >>> 31) * 0xbf58_476d_1ce4_e5b9L;
        return mixed ^ mixed >>> 29;
    }

    private MarkException refused(final String why)
    {
        return new MarkException(device.name() + ": " + why);
    }

    private MarkException failed(final String what, final int result)
    {
        return new MarkException(device.name() + ": " + what + " failed: " + Errno.describe(result));
    }
}
