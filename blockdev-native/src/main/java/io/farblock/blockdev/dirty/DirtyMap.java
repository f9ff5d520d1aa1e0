package io.farblock.blockdev.dirty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One bit per granule of 4 KiB, off the heap: 32 MiB for each TiB of volume, allocated at construction.
 *
 * <pre>
 *   granule g  ->  word g / 64, bit g % 64     (words little-endian, in chunks of 64 MiB)
 *   word w     ->  group w / 64                (a bit of the summary: 16 MiB of volume where something may be marked)
 * </pre>
 *
 * <p>What looks for marks looks at the summary first, so it costs what there is to find and not what the volume has.
 *
 * <p>Bits are set and words exchanged with single 64-bit atomics, so marking threads and one harvesting thread may run
 * together and no mark is torn or lost: it is either in the word that was taken or in the one that stays.
 */
public final class DirtyMap
{
    /** Unit of tracking. */
    public static final int GRANULE_BYTES = 4096;

    private static final VarHandle WORD =
        MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK_WORDS = 8 * 1024 * 1024;

    private static final VarHandle SUMMARY = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int GROUP_WORDS = 64;

    private final ByteBuffer[] chunks;
    private final long[] summary;
    private final long granules;
    private final long words;

    public DirtyMap(final long sizeBytes)
    {
        this.granules = (sizeBytes + GRANULE_BYTES - 1) / GRANULE_BYTES;
        words = (granules + 63) / 64;
        summary = new long[(int)((words + GROUP_WORDS * 64 - 1) / (GROUP_WORDS * 64))];
        chunks = new ByteBuffer[(int)((words + CHUNK_WORDS - 1) / CHUNK_WORDS)];
        for (int i = 0; i < chunks.length; i++)
        {
            final int chunkWords = (int)Math.min(CHUNK_WORDS, words - (long)i * CHUNK_WORDS);
            chunks[i] = ByteBuffer.allocateDirect(chunkWords * 8 + 8).alignedSlice(8).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** How many granules the map covers. */
    public long granules()
    {
        return granules;
    }

    /** Marks every granule that the byte range touches. */
    public void mark(final long offsetBytes, final long lengthBytes)
    {
        if (lengthBytes <= 0)
        {
            return;
        }
        final long first = offsetBytes / GRANULE_BYTES;
        final long last = (offsetBytes + lengthBytes - 1) / GRANULE_BYTES;
        // compared so that a sum that overflows is refused too: it would mark nothing and lose the write
        if (offsetBytes < 0 || offsetBytes > granules * GRANULE_BYTES - lengthBytes)
        {
            throw new IllegalArgumentException("range " + offsetBytes + "+" + lengthBytes + " is outside of " +
                granules + " granules");
        }
        for (long word = first / 64; word <= last / 64; word++)
        {
            final long from = word == first / 64 ? first % 64 : 0;
            final long to = word == last / 64 ? last % 64 : 63;
            orWord(word, (-1L << from) & (-1L >>> (63 - to)));
        }
    }

    /** Marks those of the granules {@code 64 * word} to {@code 64 * word + 63} that exist and whose bits are set. */
    public void markWord(final long word, final long bits)
    {
        final long inLast = granules % 64;
        orWord(word, word == granules / 64 && inLast != 0 ? bits & (1L << inLast) - 1 : bits);
    }

    /** The marks of the granules {@code 64 * word} to {@code 64 * word + 63}. */
    public long word(final long word)
    {
        return (long)WORD.getVolatile(chunk(word), index(word));
    }

    /** Whether any granule that the byte range touches is marked. */
    public boolean isMarked(final long offsetBytes, final long lengthBytes)
    {
        final long next = lengthBytes <= 0 ? -1 : next(offsetBytes / GRANULE_BYTES);
        return next >= 0 && next * GRANULE_BYTES < offsetBytes + lengthBytes;
    }

    /** The first marked granule at or after {@code from}, or -1. */
    public long next(final long from)
    {
        if (from >= granules)
        {
            return -1;
        }
        final long first = from / 64;
        final long bits = word(first) & (-1L << (from % 64));
        if (bits != 0)
        {
            return first * 64 + Long.numberOfTrailingZeros(bits);
        }
        final long word = nextWord(first + 1);
        return word < 0 ? -1 : word * 64 + Long.numberOfTrailingZeros(word(word));
    }

    /** Marks what {@code other} has marked too; that stays as it is. */
    public void add(final DirtyMap other)
    {
        if (other.granules != granules)
        {
            throw new IllegalArgumentException(
                "found a map of " + other.granules + " granules, expected " + granules + " as here");
        }
        for (long granule = other.next(0); granule >= 0; granule = other.next((granule / 64 + 1) * 64))
        {
            orWord(granule / 64, other.word(granule / 64));
        }
    }

    /** Moves every mark into {@code target}; words are exchanged with zero, so no concurrent mark is lost. */
    public void drainTo(final DirtyMap target)
    {
        if (target.granules != granules)
        {
            // checked before anything is taken: a mark that was taken and has no place in the target would be lost
            throw new IllegalArgumentException(
                "target has " + target.granules + " granules, expected " + granules + " as here");
        }
        for (int i = 0; i < summary.length; i++)
        {
            // Cleared before its words are read: a mark that comes between sets it again, one that came before is read.
            final long groups = (long)SUMMARY.getVolatile(summary, i) == 0 ? 0 :
                (long)SUMMARY.getAndSet(summary, i, 0L);
            for (long rest = groups; rest != 0; rest &= rest - 1)
            {
                drainGroup(i * 64L + Long.numberOfTrailingZeros(rest), target);
            }
        }
    }

    /** Forgets every mark. */
    public void clear()
    {
        for (int i = 0; i < summary.length; i++)
        {
            final long groups = (long)SUMMARY.getAndSet(summary, i, 0L);
            for (long rest = groups; rest != 0; rest &= rest - 1)
            {
                final long first = (i * 64L + Long.numberOfTrailingZeros(rest)) * GROUP_WORDS;
                for (long word = first; word < Math.min(first + GROUP_WORDS, words); word++)
                {
                    WORD.setVolatile(chunk(word), index(word), 0L);
                }
            }
        }
    }

    /** How many granules are marked. */
    public long count()
    {
        long count = 0;
        for (long word = nextWord(0); word >= 0; word = nextWord(word + 1))
        {
            count += Long.bitCount(word(word));
        }
        return count;
    }

    private void drainGroup(final long group, final DirtyMap target)
    {
        final long first = group * GROUP_WORDS;
        for (long word = first; word < Math.min(first + GROUP_WORDS, words); word++)
        {
            if (word(word) != 0)
            {
                target.orWord(word, (long)WORD.getAndSet(chunk(word), index(word), 0L));
            }
        }
    }

    /** The first word at or after {@code from} in which something is marked, or -1. */
    private long nextWord(final long from)
    {
        long word = from;
        while (word < words)
        {
            final long group = word / GROUP_WORDS;
            final long groups = (long)SUMMARY.getVolatile(summary, (int)(group / 64)) & (-1L << group % 64);
            if (groups == 0)
            {
                word = (group / 64 + 1) * 64 * GROUP_WORDS;
                continue;
            }
            final long marked = group / 64 * 64 + Long.numberOfTrailingZeros(groups);
            word = Math.max(word, marked * GROUP_WORDS);
            for (final long end = Math.min((marked + 1) * GROUP_WORDS, words); word < end; word++)
            {
                if (word(word) != 0)
                {
                    return word;
                }
            }
        }
        return -1;
    }

    private void orWord(final long word, final long bits)
    {
        if (bits != 0)
        {
            // A full barrier between the mark and the look at the summary: see drainTo.
            WORD.getAndBitwiseOr(chunk(word), index(word), bits);
            final long group = word / GROUP_WORDS;
            if (((long)SUMMARY.getVolatile(summary, (int)(group / 64)) >>> group % 64 & 1) == 0)
            {
                SUMMARY.getAndBitwiseOr(summary, (int)(group / 64), 1L << group % 64);
            }
        }
    }

    private ByteBuffer chunk(final long word)
    {
        return chunks[(int)(word / CHUNK_WORDS)];
    }

    private static int index(final long word)
    {
        return (int)(word % CHUNK_WORDS) * 8;
    }
}
