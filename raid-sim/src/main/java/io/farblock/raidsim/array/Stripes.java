package io.farblock.raidsim.array;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.parity.Xor;
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
    /** Nothing to read there: no member, or one whose data are not good. */
    private static final int ABSENT = -Errno.ENOMEDIUM;

    private final StripeLayout layout;
    private final Slots slots;
    private final Membership membership;
    private final Trust trust;
    private final JournaledWrites journal;
    private final StripeCounters counters;
    private final Together together;

    Stripes(final StripeLayout layout, final Slots slots, final Membership membership, final Trust trust,
        final JournaledWrites journal, final StripeCounters counters, final Together together)
    {
        this.journal = journal;
        this.layout = layout;
        this.slots = slots;
        this.membership = membership;
        this.trust = trust;
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
        final int result = readMember(piece, strip, target, index);
        if (result == 0)
        {
            return 0;
        }
        final boolean mend = result != ABSENT;
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

    /** A data strip has one place; of copies it is any, but the same one while they may differ. */
    private int preferred(final StripePiece piece)
    {
        return layout.dataStrips() > 1 || !trust.isInStep(piece.stripe()) ? piece.first() :
            (int)(piece.stripe() % layout.strips());
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
            if (strip != wanted && readMember(piece, strip, work.own[strip], 0) == 0)
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
    private void mend(final StripeBuffers work, final StripePiece piece, final int strip)
    {
        final Member member = slots.member(layout.slot(piece.stripe(), strip));
        if (member != null && write(piece, strip, member, work.own[strip]) == 0)
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
            if (!piece.touches(strip) && readMember(piece, strip, work.own[strip], 0) == 0)
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
            known |= untried && readMember(piece, strip, work.own[strip], 0) == 0 ? 1L << strip : 0;
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
                read &= readMember(piece, strip, work.own[strip], 0) == 0;
            }
        }
        together.end();
        for (int strip = piece.first(); read && strip <= piece.last(); strip++)
        {
            final int at = index + (strip - piece.first()) * layout.chunkBytes();
            Xor.into(work.own[strip], slice(source, at, piece.length()), piece.length());
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
                worst = Math.min(worst, writeStrip(piece, strip, work.strips[strip]));
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
            worst = Math.min(worst, zero(piece, strip, seat.member()));
            zero(piece, strip, seat.replacement());
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
            zero(piece, strip, slots.member(layout.slot(piece.stripe(), strip)));
        }
        else
        {
            writeStrip(piece, strip, data);
        }
    }

    private int zero(final StripePiece piece, final int strip, final Member member)
    {
        final long offset = layout.offsetBytes(piece.stripe(), strip) + piece.column();
        return member == null ? 0 : settle(member, offset, piece.length(),
            member.device.zero(member.dataOffset + offset, piece.length()));
    }

    /** To the member in the strip's slot and to the one that is about to replace it. */
    int writeStrip(final StripePiece piece, final int strip, final ByteBuffer source)
    {
        final Slots.Seat seat = slots.seat(layout.slot(piece.stripe(), strip));
        final int result = seat.member() == null ? 0 : write(piece, strip, seat.member(), source);
        if (seat.replacement() != null)
        {
            write(piece, strip, seat.replacement(), source);
        }
        return result;
    }

    /**
     * Writes a strip to one member.
     *
     * @return 0 also if it failed and is out; -EIO if the array cannot do without it, and then the stretch is bad.
     */
    int write(final StripePiece piece, final int strip, final Member member, final ByteBuffer source)
    {
        final long offset = layout.offsetBytes(piece.stripe(), strip) + piece.column();
        return settle(member, offset, piece.length(),
            member.device.write(member.dataOffset + offset, source, 0, piece.length()));
    }

    private int settle(final Member member, final long offset, final int length, final int result)
    {
        if (result < 0)
        {
            return membership.failedWrite(member, offset, length, result);
        }
        if (!member.bad.isEmpty() && member.bad.remove(offset, offset + length))
        {
            membership.recordAgain();
        }
        return 0;
    }

    /**
     * Fills a member's chunk: from whoever sits in its slot, else from the others. What cannot be had is bad on it.
     *
     * @return bytes that are lost, or -EIO when the member is out.
     */
    int rebuild(final StripeBuffers work, final StripePiece piece, final int strip, final Member member)
    {
        final boolean hasSource = member != slots.member(layout.slot(piece.stripe(), strip));
        final boolean found = hasSource && readMember(piece, strip, work.own[strip], 0) == 0 ||
            compute(work, piece, strip) == 0;
        if (found)
        {
            write(piece, strip, member, work.own[strip]);
            return slots.slotOf(member) < 0 ? -Errno.EIO : 0;
        }
        if (piece.length() > GRANULE_BYTES)
        {
            int lost = 0;
            for (int done = 0; done < piece.length() && lost >= 0; done += GRANULE_BYTES)
            {
                final int result = rebuild(
                    work, piece.part(done, Math.min(GRANULE_BYTES, piece.length() - done)), strip, member);
                lost = result < 0 ? result : lost + result;
            }
            return lost;
        }
        if (slots.hasFailed())
        {
            // what cannot be had now is not lost: the members that are away may come back
            return -Errno.EIO;
        }
        final long offset = layout.offsetBytes(piece.stripe(), strip) + piece.column();
        member.bad.add(offset, offset + piece.length());
        return piece.length();
    }

    /**
     * Compares what is redundant in a stripe, as far as its members are there, mends what they cannot read, and
     * corrects.
     *
     * @param correct writes what the data strips say where the redundant ones differ.
     * @return bytes of granules that differed.
     */
    int compare(final StripeBuffers work, final StripePiece piece, final boolean correct)
    {
        long there = 0;
        boolean failed = false;
        together.begin();
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            final int result = readMember(piece, strip, work.own[strip], 0);
            there |= result == 0 ? 1L << strip : 0;
            failed |= result == -Errno.EIO;
        }
        together.end();
        if (!failed)
        {
            return differing(work, piece, there, correct);
        }
        if (piece.length() <= GRANULE_BYTES)
        {
            return mendUnread(work, piece, correct);
        }
        int differing = 0;
        for (int done = 0; done < piece.length(); done += GRANULE_BYTES)
        {
            differing += compare(work, piece.part(done, Math.min(GRANULE_BYTES, piece.length() - done)), correct);
        }
        return differing;
    }

    private int differing(
        final StripeBuffers work, final StripePiece piece, final long there, final boolean correct)
    {
        final long data = (1L << layout.dataStrips()) - 1;
        if (layout.dataStrips() == 1 && (there & data) == 0 && there != 0)
        {
            // of copies the first that is there stands for the data
            work.own[0].put(0, work.own[Long.numberOfTrailingZeros(there)], 0, piece.length());
        }
        else if ((there & data) != data)
        {
            if (layout.dataStrips() > 1 && !trust.isInStep(piece.stripe()) && slots.degraded() == 0)
            {
                distrust(piece);
            }
            return 0;
        }
        work.useOwn();
        System.arraycopy(work.second, layout.dataStrips(), work.strips, layout.dataStrips(), layout.redundantStrips());
        work.code.encode(work.strips, 0, piece.length());
        int differing = 0;
        for (int at = 0; at < piece.length(); at += GRANULE_BYTES)
        {
            final int length = Math.min(GRANULE_BYTES, piece.length() - at);
            differing += differs(work, there, at, length) ? length : 0;
        }
        for (int strip = layout.dataStrips(); correct && strip < layout.strips(); strip++)
        {
            if (differing > 0 || (there >>> strip & 1) == 0)
            {
                writeStrip(piece, strip, work.second[strip]);
            }
        }
        return differing;
    }

    private boolean differs(final StripeBuffers work, final long there, final int at, final int length)
    {
        boolean differs = false;
        for (int strip = layout.dataStrips(); strip < layout.strips(); strip++)
        {
            differs |= (there >>> strip & 1) != 0 &&
                !work.own[strip].slice(at, length).equals(work.second[strip].slice(at, length));
        }
        return differs;
    }

    /**
     * A granule some strips of which cannot be read. In step, they are computed and given back. Out of step nobody can
     * tell what they held: what is redundant is bad from now on, so that nothing is ever computed from it.
     */
    private int mendUnread(final StripeBuffers work, final StripePiece piece, final boolean correct)
    {
        long there = all();
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            if (readMember(piece, strip, work.second[strip], 0) == -Errno.EIO)
            {
                if (compute(work, piece, strip) == 0)
                {
                    mend(work, piece, strip);
                }
            }
        }
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            there &= readMember(piece, strip, work.own[strip], 0) == 0 ? -1 : ~(1L << strip);
        }
        return differing(work, piece, there, correct);
    }

    private void distrust(final StripePiece piece)
    {
        for (int strip = layout.dataStrips(); strip < layout.strips(); strip++)
        {
            final Member member = slots.member(layout.slot(piece.stripe(), strip));
            final long offset = layout.offsetBytes(piece.stripe(), strip) + piece.column();
            if (member != null)
            {
                member.bad.add(offset, offset + piece.length());
            }
        }
        membership.recordAgain();
    }

    /**
     * Reads a strip of its member.
     *
     * @return 0, {@link #ABSENT} if there is no good member, or -EIO if it could not read.
     */
    private int readMember(final StripePiece piece, final int strip, final ByteBuffer target, final int index)
    {
        final Member member = slots.member(layout.slot(piece.stripe(), strip));
        final long offset = layout.offsetBytes(piece.stripe(), strip) + piece.column();
        if (member == null || !member.isGood(offset, piece.length()))
        {
            return ABSENT;
        }
        final int result = member.device.read(member.dataOffset + offset, target, index, piece.length());
        if (result >= 0)
        {
            return 0;
        }
        membership.failedRead(member, result);
        return -Errno.EIO;
    }

    private long all()
    {
        return (1L << layout.strips()) - 1;
    }
}
