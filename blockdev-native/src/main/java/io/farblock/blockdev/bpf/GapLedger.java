package io.farblock.blockdev.bpf;

import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import java.util.ArrayList;
import java.util.List;

/**
 * The gaps of one volume, one for each cause, kept in the header of its map in the kernel: a gap outlives the process
 * that noticed it as surely as the marks do. One thread.
 */
final class GapLedger
{
    private static final int BEGIN = 0;
    private static final int END = 1;
    private static final int COUNT = 2;

    private final MappedWords words;
    private final long sizeBytes;

    GapLedger(final MappedWords words, final long sizeBytes)
    {
        this.words = words;
        this.sizeBytes = sizeBytes;
    }

    /**
     * Records a gap, or that one has grown.
     *
     * @param beginMs since when writes may be missing; 0 when unknown.
     * @param endMs   since when tracking is whole again; 0 while it is not.
     */
    void open(final GapCause cause, final long beginMs, final long endMs)
    {
        final int at = at(cause);
        final long count = words.get(at + COUNT);
        if (count == 0)
        {
            words.set(at + BEGIN, beginMs);
        }
        words.set(at + END, endMs);
        // last: a gap is there when its count says so, and is then whole, whenever the process dies
        words.set(at + COUNT, count + 1);
    }

    /** A gap that went on has ended. */
    void end(final GapCause cause, final long endMs)
    {
        words.set(at(cause) + END, endMs);
    }

    boolean goesOn(final GapCause cause)
    {
        return words.get(at(cause) + COUNT) != 0 && words.get(at(cause) + END) == 0;
    }

    /** Removes a gap unless it has grown since it was read, or goes on. */
    boolean close(final Gap gap)
    {
        final int at = at(gap.cause());
        if (!gap.hasEnded() || words.get(at + COUNT) != gap.count() || words.get(at + END) != gap.endMs())
        {
            return false;
        }
        words.set(at + COUNT, 0);
        return true;
    }

    List<Gap> list()
    {
        final List<Gap> gaps = new ArrayList<>();
        for (final GapCause cause : GapCause.values())
        {
            final int at = at(cause);
            if (words.get(at + COUNT) != 0)
            {
                gaps.add(new Gap(cause, words.get(at + BEGIN), words.get(at + END), words.get(at + COUNT), 0,
                    sizeBytes));
            }
        }
        return gaps;
    }

    private static int at(final GapCause cause)
    {
        return Header.GAPS + cause.ordinal() * Header.GAP_WORDS;
    }
}
