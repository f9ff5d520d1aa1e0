package io.farblock.blockdev.bpf;

import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.MarkedTracker;
import java.util.Arrays;

/**
 * The dirty map of one volume, in the kernel and in our memory at once. What a harvest takes is noted as pending
 * first, so that a process that dies between two instructions loses nothing: see {@link #recover}. One thread, beside
 * the programs that mark.
 */
final class VolumeMap
{
    private static final long ALL_BITS = -1;

    private final MappedWords words;
    private final DirtyLayout layout;
    private final long[] wholeGroup = new long[DirtyLayout.GROUP_WORDS];

    VolumeMap(final MappedWords words, final DirtyLayout layout)
    {
        this.words = words;
        this.layout = layout;
    }

    /** Marks granules as a program does: the bit, then the summary. */
    void mark(final long firstGranule, final long lastGranule)
    {
        for (long word = firstGranule / 64; word <= lastGranule / 64; word++)
        {
            final long from = word == firstGranule / 64 ? firstGranule % 64 : 0;
            final long to = word == lastGranule / 64 ? lastGranule % 64 : 63;
            markWord(word, (-1L << from) & (-1L >>> (63 - to)));
        }
    }

    /** Moves every mark into an epoch, and notes it as pending. */
    void drainTo(final DirtyMap epoch)
    {
        for (long i = 0; i < layout.groupWords(); i++)
        {
            drainTop(i, epoch);
            // the summary is cleared before the words that it speaks of are read: a mark that comes between sets it
            // again, and one that came before is read
            final long groups = words.get(DirtyLayout.SUMMARY + i) == 0 ? 0 :
                words.getAndSet(DirtyLayout.SUMMARY + i, 0);
            for (long rest = groups; rest != 0; rest &= rest - 1)
            {
                drainGroup(i * 64 + Long.numberOfTrailingZeros(rest), epoch);
            }
        }
    }

    /** Marks an epoch that was not sealed again, and only then forgets that it was pending. */
    void putBack(final DirtyMap epoch)
    {
        markAll(epoch);
        forgetPending();
    }

    /** Marks granules; what is pending stays so. */
    void markAll(final DirtyMap granules)
    {
        for (long granule = granules.next(0); granule >= 0; granule = granules.next((granule / 64 + 1) * 64))
        {
            markWord(granule / 64, granules.word(granule / 64));
        }
    }

    /** Whether nothing is marked; a mark that is being made may be overlooked, one that was made is not. */
    boolean isEmpty()
    {
        for (long i = 0; i < layout.groupWords(); i++)
        {
            if (words.get(DirtyLayout.SUMMARY + i) != 0 || words.get(layout.top() + i) != 0)
            {
                return false;
            }
        }
        return true;
    }

    /** The epoch is sealed: what was harvested need not come back. */
    void forgetPending()
    {
        for (long i = 0; i < layout.groupWords(); i++)
        {
            for (long rest = words.get(layout.pendingSummary() + i); rest != 0; rest &= rest - 1)
            {
                clearPendingOfGroup(i * 64 + Long.numberOfTrailingZeros(rest));
            }
            words.set(layout.pendingSummary() + i, 0);
        }
    }

    /**
     * Takes over from a process that may have died anywhere. Its summaries are not to be trusted, since they are
     * cleared first; so everything is looked at, once. What was pending is dirty again.
     */
    void recover()
    {
        for (long word = 0; word < layout.fineWords(); word++)
        {
            if (words.get(layout.fine() + word) != 0)
            {
                summarize(word / DirtyLayout.GROUP_WORDS);
            }
            final long pending = words.get(layout.pending() + word / DirtyLayout.FINE_PER_PENDING);
            final long bits = pending == 0 ? 0 : DirtyLayout.granuleBits(word, pending);
            if (bits != 0)
            {
                markWord(word, bits);
            }
        }
        for (long group = 0; group < layout.groups(); group++)
        {
            if (words.get(layout.coarse() + group) != 0)
            {
                summarize(group);
            }
            clearPendingOfGroup(group);
        }
        forgetPending();
    }

    /** Looks at whole groups, see {@link MarkedTracker#peek}; marks that come meanwhile may be in it. */
    boolean peek(final long firstGroup, final long[] units)
    {
        Arrays.fill(units, 0);
        boolean any = false;
        final int perGroup = MarkedTracker.WORDS_PER_GROUP;
        final long end = Math.min(layout.groups(), firstGroup + units.length / perGroup);
        for (long group = nextToLookAt(firstGroup, end); group < end; group = nextToLookAt(group + 1, end))
        {
            any = true;
            final int at = (int)(group - firstGroup) * perGroup;
            if (isSet(layout.top(), group))
            {
                Arrays.fill(units, at, at + perGroup, ALL_BITS);
                continue;
            }
            if (isSet(DirtyLayout.SUMMARY, group))
            {
                peekMarks(group, units, at);
            }
            if (isSet(layout.pendingSummary(), group))
            {
                for (int i = 0; i < perGroup; i++)
                {
                    units[at + i] |= words.get(layout.pending() + group * perGroup + i);
                }
            }
        }
        return any;
    }

    /** The next group of which any summary speaks, 64 at a time; {@code end} if there is none before. */
    private long nextToLookAt(final long from, final long end)
    {
        for (long i = from / 64; i * 64 < end; i++)
        {
            final long rest = (words.get(DirtyLayout.SUMMARY + i) | words.get(layout.pendingSummary() + i) |
                words.get(layout.top() + i)) & (i == from / 64 ? -1L << from % 64 : -1L);
            if (rest != 0)
            {
                return Math.min(end, i * 64 + Long.numberOfTrailingZeros(rest));
            }
        }
        return end;
    }

    private void peekMarks(final long group, final long[] units, final int at)
    {
        final long full = words.get(layout.coarse() + group);
        final long first = group * DirtyLayout.GROUP_WORDS;
        final int count = (int)Math.min(DirtyLayout.GROUP_WORDS, layout.fineWords() - first);
        final long[] marks = count == DirtyLayout.GROUP_WORDS ? wholeGroup : new long[count];
        words.get(layout.fine() + first, marks);
        for (int i = 0; i < count; i++)
        {
            final long bits = (full >>> i & 1) != 0 ? ALL_BITS : marks[i];
            if (bits != 0)
            {
                units[at + i / DirtyLayout.FINE_PER_PENDING] |= DirtyLayout.pendingBits(first + i, bits);
            }
        }
    }

    private boolean isSet(final long level, final long group)
    {
        return (words.get(level + group / 64) >>> group % 64 & 1) != 0;
    }

    private void drainTop(final long index, final DirtyMap epoch)
    {
        long groups = words.get(layout.top() + index);
        while (groups != 0)
        {
            for (long rest = groups; rest != 0; rest &= rest - 1)
            {
                final long group = index * 64 + Long.numberOfTrailingZeros(rest);
                for (int i = 0; i < DirtyLayout.GROUP_WORDS; i++)
                {
                    take(group * DirtyLayout.GROUP_WORDS + i, ALL_BITS, epoch);
                }
            }
            groups = words.compareAndSet(layout.top() + index, groups, 0) ? 0 : words.get(layout.top() + index);
        }
    }

    private void drainGroup(final long group, final DirtyMap epoch)
    {
        long full = words.get(layout.coarse() + group);
        while (full != 0)
        {
            for (long rest = full; rest != 0; rest &= rest - 1)
            {
                take(group * DirtyLayout.GROUP_WORDS + Long.numberOfTrailingZeros(rest), ALL_BITS, epoch);
            }
            full = words.compareAndSet(layout.coarse() + group, full, 0) ? 0 : words.get(layout.coarse() + group);
        }
        final long end = Math.min((group + 1) * DirtyLayout.GROUP_WORDS, layout.fineWords());
        for (long word = group * DirtyLayout.GROUP_WORDS; word < end; word++)
        {
            long bits = words.get(layout.fine() + word);
            while (bits != 0)
            {
                take(word, bits, epoch);
                // exchanged only if nothing was added: what is cleared must be pending already
                bits = words.compareAndSet(layout.fine() + word, bits, 0) ? 0 : words.get(layout.fine() + word);
            }
        }
    }

    private void take(final long word, final long bits, final DirtyMap epoch)
    {
        if (word < layout.fineWords())
        {
            final long group = word / DirtyLayout.GROUP_WORDS;
            final long pending = layout.pending() + word / DirtyLayout.FINE_PER_PENDING;
            words.set(pending, words.get(pending) | DirtyLayout.pendingBits(word, bits));
            words.set(layout.pendingSummary() + group / 64,
                words.get(layout.pendingSummary() + group / 64) | 1L << group % 64);
            epoch.markWord(word, bits);
        }
    }

    private void clearPendingOfGroup(final long group)
    {
        final long perGroup = DirtyLayout.GROUP_WORDS / DirtyLayout.FINE_PER_PENDING;
        for (long i = group * perGroup; i < (group + 1) * perGroup; i++)
        {
            words.set(layout.pending() + i, 0);
        }
    }

    private void markWord(final long word, final long bits)
    {
        words.or(layout.fine() + word, bits);
        summarize(word / DirtyLayout.GROUP_WORDS);
    }

    private void summarize(final long group)
    {
        words.or(DirtyLayout.SUMMARY + group / 64, 1L << group % 64);
    }
}
