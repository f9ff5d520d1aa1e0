package io.farblock.raidsim.array;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.parity.StripeCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads, writes and mends pieces of stripes, with whatever members there are. The rules that keep data right:
 *
 * <ul>
 * <li>A strip is read from its member only where that member's data are good; else it is computed from the others, and
 * a member that could not read it is given it again.
 * <li>What cannot be computed is an error for exactly the granules concerned, never a guess.
 * <li>Parity is not used to compute anything in a stripe that may have been torn by a crash, until it is resynced.
 * <li>A member that misses a write is out, and recorded as out on the others, before the write is answered. One that
 * the array cannot do without stays; the stretch that it missed is bad from then on.
 * </ul>
 *
 * Whoever calls holds the stripe's lock; besides that, thread safe.
 */
final class Stripes
{
    /** Smallest stretch that is lost at once, where the members can tell that finely. */
    static final int GRANULE_BYTES = 4096;

    private final Strips strips;
    private final StripeLayout layout;
    private final Slots slots;
    private final Membership membership;
    private final Trust trust;
    private final JournaledWrites journal;
    private final StripeCounters counters;
    private final Together together;

    Stripes(final Strips strips, final StripeLayout layout, final Slots slots, final Membership membership,
        final RaidArray.Protection protection, final StripeCounters counters, final Together together)
    {
        this.strips = strips;
        this.journal = protection.journal();
        this.layout = layout;
        this.slots = slots;
        this.membership = membership;
        this.trust = protection.steps();
        this.counters = counters;
        this.together = together;
    }

    /** Whether a stripe's strips agree with each other, as far as is known. */
    interface Trust
    {
        boolean isInStep(long stripe);
    }

    /** Fills a part of a data strip into the caller's buffer; 0 or -EIO. */
    int read(final StripeBuffers work, final StripePiece piece, final ByteBuffer target, final int index)
    {
        final int strip = preferred(piece);
        final int result = strips.read(piece, strip, target, index);
        if (result == 0)
        {
            return 0;
        }
        final boolean mend = result != Strips.ABSENT;
        if (piece.length() > StripeBuffers.PIECE_BYTES)
        {
            return readParts(work, piece, target, index, StripeBuffers.PIECE_BYTES);
        }
        if (!piece.isWithin(GRANULE_BYTES) && (mend || compute(work, piece, strip) < 0))
        {
            return readParts(work, piece, target, index, GRANULE_BYTES);
        }
        return restore(work, piece, strip, target, index, mend);
    }

    /** Whether strips are better read side by side: some may have to be computed, from the same others. */
    boolean readsTogether()
    {
        return layout.dataStrips() > 1 && slots.degraded() > 0;
    }

    /** Fills neighbouring data strips of a piece into the caller's buffer, a chunk apart; 0 or -EIO. */
    int readTogether(final StripeBuffers work, final StripePiece piece, final ByteBuffer target, final int index)
    {
        if (readAtOnce(work, piece, target, index))
        {
            return 0;
        }
        int worst = 0;
        for (int strip = piece.first(); strip <= piece.last(); strip++)
        {
            final StripePiece one = new StripePiece(piece.stripe(), piece.column(), piece.length(), strip, strip);
            worst = Math.min(worst,
                read(work, one, target, index + (strip - piece.first()) * layout.chunkBytes()));
        }
        return worst;
    }

    /** Reads what there is once, and computes all that is absent from it; not when anything is in the way of that. */
    private boolean readAtOnce(
        final StripeBuffers work, final StripePiece piece, final ByteBuffer target, final int index)
    {
        work.useOwn();
        placeSource(work, piece, target, index);
        long known = 0;
        boolean failed = false;
        together.begin();
        for (int strip = piece.first(); strip <= piece.last(); strip++)
        {
            final int result = strips.read(piece, strip, work.strips[strip], 0);
            known |= result == 0 ? 1L << strip : 0;
            failed |= result == -Errno.EIO;
        }
        final long absent = piece.touched() & ~known;
        for (int strip = 0; !failed && absent != 0 && strip < layout.strips(); strip++)
        {
            if (!piece.touches(strip))
            {
                final boolean wanted = Long.bitCount(known) < layout.dataStrips();
                final boolean read = wanted && strips.read(piece, strip, work.own[strip], 0) == 0;
                known |= read ? 1L << strip : 0;
                work.strips[strip] = read ? work.own[strip] : null;
            }
        }
        together.end();
        if (!failed && absent != 0 && Long.bitCount(known) == layout.dataStrips() && trust.isInStep(piece.stripe()))
        {
            work.code.recover(work.strips, ~known & all(), 0, piece.length());
            counters.reconstructed((long)Long.bitCount(absent) * piece.length());
            return true;
        }
        return !failed && absent == 0;
    }

    /**
     * A data strip has one place; of copies it is any, but the same one while they may differ. Which one changes with
     * each round over the members: with each stripe, some members of a RAID 10 would never be read.
     */
    private int preferred(final StripePiece piece)
    {
        return layout.dataStrips() > 1 || !trust.isInStep(piece.stripe()) ? piece.first() :
            (int)(piece.stripe() / layout.slots() % layout.strips());
    }

    private int readParts(final StripeBuffers work, final StripePiece piece, final ByteBuffer target, final int index,
        final int partBytes)
    {
        int worst = 0;
        for (int done = 0; done < piece.length(); )
        {
            final StripePiece part = piece.part(done, piece.untilMultipleOf(partBytes, done));
            worst = Math.min(worst, read(work, part, target, index + done));
            done += part.length();
        }
        return worst;
    }

    /** Computes what its member does not have. */
    private int restore(final StripeBuffers work, final StripePiece piece, final int strip, final ByteBuffer target,
        final int index, final boolean mend)
    {
        if (compute(work, piece, strip) < 0)
        {
            return -Errno.EIO;
        }
        target.put(index, work.own[strip], 0, piece.length());
        counters.reconstructed(piece.length());
        if (mend)
        {
            mend(work, piece, strip);
        }
        return 0;
    }

    /**
     * Computes the strip from the others into its own memory, without asking its member.
     *
     * @return 0 or -EIO.
     */
    int compute(final StripeBuffers work, final StripePiece piece, final int wanted)
    {
        long known = 0;
        together.begin();
        for (int strip = 0; strip < layout.strips() && Long.bitCount(known) < layout.dataStrips(); strip++)
        {
            if (strip != wanted && strips.read(piece, strip, work.own[strip], 0) == 0)
            {
                known |= 1L << strip;
            }
        }
        together.end();
        return recover(work, piece, known, 1L << wanted);
    }

    /** Computes what is wanted from what is known, if that is enough and the stripe is in step. */
    private int recover(final StripeBuffers work, final StripePiece piece, final long known, final long wanted)
    {
        final boolean usesParity = layout.dataStrips() > 1 && known >>> layout.dataStrips() != 0;
        if (Long.bitCount(known) < layout.dataStrips() || usesParity && !trust.isInStep(piece.stripe()))
        {
            return -Errno.EIO;
        }
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            work.strips[strip] = ((known | wanted) >>> strip & 1) != 0 ? work.own[strip] : null;
        }
        work.code.recover(work.strips, ~known & all(), 0, piece.length());
        return 0;
    }

    /** Gives a member back what it could not read; one that does not take it is out, if the array can do without. */
    void mend(final StripeBuffers work, final StripePiece piece, final int strip)
    {
        final Member member = slots.member(layout.slot(piece.stripe(), strip));
        if (member != null && strips.write(piece, strip, member, work.own[strip]) == 0)
        {
            member.corrected.incrementAndGet();
        }
    }

    /**
     * Writes new bytes to some neighbouring data strips of a piece, and what is redundant.
     *
     * @param index where the first strip's bytes begin; those of the next follow a chunk later.
     * @return 0 or -EIO: then what was to be written may be there or not, and everything else is as it was, or answers
     *         an error.
     */
    int write(final StripeBuffers work, final StripePiece piece, final ByteBuffer source, final int index)
    {
        if (slots.hasFailed())
        {
            return -Errno.EIO;
        }
        final int prepared = prepare(work, piece, source, index);
        return prepared == 0 ? commit(work, piece) : piece.isWithin(GRANULE_BYTES) ? prepared :
            writeInGranules(work, piece, source, index);
    }

    private int writeInGranules(
        final StripeBuffers work, final StripePiece piece, final ByteBuffer source, final int index)
    {
        int worst = 0;
        for (int done = 0; done < piece.length(); )
        {
            final StripePiece part = piece.part(done, piece.untilMultipleOf(GRANULE_BYTES, done));
            worst = Math.min(worst, write(work, part, source, index + done));
            done += part.length();
        }
        return worst;
    }

    /** Has all new strips of the piece in {@code work.strips}: the touched ones, and what is redundant. */
    private int prepare(final StripeBuffers work, final StripePiece piece, final ByteBuffer source, final int index)
    {
        final int touched = piece.last() - piece.first() + 1;
        final boolean full = touched == layout.dataStrips();
        if (!full && touched + layout.redundantStrips() < layout.dataStrips() - touched &&
            readModify(work, piece, source, index))
        {
            counters.readModifyWrite();
            return 0;
        }
        if (!full && readOthers(work, piece) < 0)
        {
            return readModify(work, piece, source, index) ? 0 : -Errno.EIO;
        }
        work.useOwn();
        placeSource(work, piece, source, index);
        work.code.encode(work.strips, 0, piece.length());
        counters.written(full);
        return 0;
    }

    private void placeSource(
        final StripeBuffers work, final StripePiece piece, final ByteBuffer source, final int index)
    {
        for (int strip = piece.first(); strip <= piece.last(); strip++)
        {
            work.strips[strip] = slice(source, index + (strip - piece.first()) * layout.chunkBytes(), piece.length());
        }
    }

    private static ByteBuffer slice(final ByteBuffer source, final int index, final int lengthBytes)
    {
        return source.slice(index, lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reconstruct-write: the data strips that are not written, computed where they cannot be read. */
    private int readOthers(final StripeBuffers work, final StripePiece piece)
    {
        long known = 0;
        together.begin();
        for (int strip = 0; strip < layout.dataStrips(); strip++)
        {
            if (!piece.touches(strip) && strips.read(piece, strip, work.own[strip], 0) == 0)
            {
                known |= 1L << strip;
            }
        }
        together.end();
        final long wanted = (1L << layout.dataStrips()) - 1 & ~piece.touched();
        if (known == wanted)
        {
            return 0;
        }
        for (int strip = 0; strip < layout.strips() && Long.bitCount(known) < layout.dataStrips(); strip++)
        {
            final boolean untried = piece.touches(strip) || strip >= layout.dataStrips();
            known |= untried && strips.read(piece, strip, work.own[strip], 0) == 0 ? 1L << strip : 0;
        }
        return recover(work, piece, known, wanted & ~known);
    }

    /** Read-modify-write: what is redundant changes by what the touched strips change. */
    private boolean readModify(
        final StripeBuffers work, final StripePiece piece, final ByteBuffer source, final int index)
    {
        if (!trust.isInStep(piece.stripe()))
        {
            return false;
        }
        boolean read = true;
        together.begin();
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            work.strips[strip] = null;
            final Member member = slots.member(layout.slot(piece.stripe(), strip));
            if (piece.touches(strip) || strip >= layout.dataStrips() && member != null)
            {
                work.strips[strip] = work.own[strip];
                read &= strips.read(piece, strip, work.own[strip], 0) == 0;
            }
        }
        together.end();
        for (int strip = piece.first(); read && strip <= piece.last(); strip++)
        {
            final int at = index + (strip - piece.first()) * layout.chunkBytes();
            StripeCode.xor(work.own[strip], slice(source, at, piece.length()), 0, piece.length());
            work.code.update(work.strips, strip, work.own[strip], 0, piece.length());
        }
        if (read)
        {
            placeSource(work, piece, source, index);
        }
        return read;
    }

    private int commit(final StripeBuffers work, final StripePiece piece)
    {
        long changed = piece.touched();
        for (int strip = layout.dataStrips(); strip < layout.strips(); strip++)
        {
            // one whose slot was empty was not computed; whoever sits there meanwhile is filled, and gets it then
            changed |= work.strips[strip] != null ? 1L << strip : 0;
        }
        return journal.write(piece, work.strips, changed, () -> place(work, piece));
    }

    private int place(final StripeBuffers work, final StripePiece piece)
    {
        int worst = 0;
        together.begin();
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            if ((piece.touches(strip) || strip >= layout.dataStrips()) && work.strips[strip] != null)
            {
                worst = Math.min(worst, strips.write(piece, strip, work.strips[strip]));
            }
        }
        together.end();
        return answer(worst);
    }

    /** Has all strips of a stripe read as zeros, which is in step; 0 or -EIO. */
    int zeroWhole(final StripePiece piece)
    {
        return slots.hasFailed() ? -Errno.EIO : journal.write(piece, null, all(), () -> placeZeros(piece));
    }

    private int placeZeros(final StripePiece piece)
    {
        int worst = 0;
        together.begin();
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            final Slots.Seat seat = slots.seat(layout.slot(piece.stripe(), strip));
            worst = Math.min(worst, strips.zero(piece, strip, seat.member()));
            strips.zero(piece, strip, seat.replacement());
        }
        together.end();
        return answer(worst);
    }

    private int answer(final int worst)
    {
        // a write that passed over a member is answered after the others' superblocks say that it is out: else a crash
        // now would have the stale member taken for a good one at the next start
        membership.awaitRecord();
        // members that others threw out meanwhile may be all that had the data
        return slots.hasFailed() ? -Errno.EIO : worst;
    }

    /** Writes a strip again after a crash, or zeros it. */
    void replay(final StripePiece piece, final int strip, final ByteBuffer data)
    {
        if (data == null)
        {
            strips.zero(piece, strip, slots.member(layout.slot(piece.stripe(), strip)));
        }
        else
        {
            strips.write(piece, strip, data);
        }
    }

    private long all()
    {
        return (1L << layout.strips()) - 1;
    }
}
