package io.farblock.raidsim.array;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.layout.StripeLayout;

/**
 * What makes and checks redundancy, piece by piece: fills members, compares what is redundant, gives back what cannot
 * be read. Whoever calls holds the stripe's lock; one thread.
 */
final class Mending
{
    private final StripeLayout layout;
    private final Slots slots;
    private final Membership membership;
    private final Stripes.Trust trust;
    private final Strips strips;
    private final Stripes stripes;
    private final Together together;

    Mending(final Stripes stripes, final StripeLayout layout, final Slots slots, final Membership membership,
        final Stripes.Trust trust, final Strips strips, final Together together)
    {
        this.stripes = stripes;
        this.layout = layout;
        this.slots = slots;
        this.membership = membership;
        this.trust = trust;
        this.strips = strips;
        this.together = together;
    }

    /**
     * Fills a member's chunk: from whoever sits in its slot, else from the others. What cannot be had is bad on it.
     *
     * @return bytes that are lost, or -EIO when the member is out.
     */
    int rebuild(final StripeBuffers work, final StripePiece piece, final int strip, final Member member)
    {
        final boolean hasSource = member != slots.member(layout.slot(piece.stripe(), strip));
        final boolean found = hasSource && strips.read(piece, strip, work.own[strip], 0) == 0 ||
            stripes.compute(work, piece, strip) == 0;
        if (found)
        {
            strips.write(piece, strip, member, work.own[strip]);
            return slots.slotOf(member) < 0 ? -Errno.EIO : 0;
        }
        if (piece.length() > Stripes.GRANULE_BYTES)
        {
            int lost = 0;
            for (int done = 0; done < piece.length() && lost >= 0; done += Stripes.GRANULE_BYTES)
            {
                final int result = rebuild(
                    work, piece.part(done, Math.min(Stripes.GRANULE_BYTES, piece.length() - done)), strip, member);
                lost = result < 0 ? result : lost + result;
            }
            return lost;
        }
        if (slots.hasFailed())
        {
            // not lost: whoever went last has it, and may be back
            return -Errno.EIO;
        }
        final long offset = layout.offsetBytes(piece.stripe(), strip) + piece.column();
        member.bad.add(offset, offset + piece.length());
        return piece.length();
    }

    /**
     * Compares what is redundant in a stripe, as far as its members are there, mends what they cannot read, corrects.
     *
     * @param correct writes what the data strips say where the redundant ones differ.
     * @return bytes of granules that differed.
     */
    long compare(final StripeBuffers work, final long stripe, final boolean correct)
    {
        long differing = 0;
        for (int column = 0; column < layout.columns(stripe); column += StripeBuffers.PIECE_BYTES)
        {
            final int length = Math.min(StripeBuffers.PIECE_BYTES, layout.columns(stripe) - column);
            differing += compare(work, new StripePiece(stripe, column, length, 0, 0), correct);
        }
        return differing;
    }

    private int compare(final StripeBuffers work, final StripePiece piece, final boolean correct)
    {
        long there = 0;
        boolean failed = false;
        together.begin();
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            final int result = strips.read(piece, strip, work.own[strip], 0);
            there |= result == 0 ? 1L << strip : 0;
            failed |= result == -Errno.EIO;
        }
        together.end();
        if (!failed)
        {
            return differing(work, piece, there, correct);
        }
        if (piece.length() <= Stripes.GRANULE_BYTES)
        {
            return mendUnread(work, piece, correct);
        }
        int differing = 0;
        for (int done = 0; done < piece.length(); done += Stripes.GRANULE_BYTES)
        {
            differing += compare(
                work, piece.part(done, Math.min(Stripes.GRANULE_BYTES, piece.length() - done)), correct);
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
        for (int at = 0; at < piece.length(); at += Stripes.GRANULE_BYTES)
        {
            final int length = Math.min(Stripes.GRANULE_BYTES, piece.length() - at);
            differing += differs(work, there, at, length) ? length : 0;
        }
        for (int strip = layout.dataStrips(); correct && strip < layout.strips(); strip++)
        {
            if (differing > 0 || (there >>> strip & 1) == 0)
            {
                strips.write(piece, strip, work.second[strip]);
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
        long there = (1L << layout.strips()) - 1;
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            if (strips.read(piece, strip, work.second[strip], 0) == -Errno.EIO)
            {
                if (stripes.compute(work, piece, strip) == 0)
                {
                    stripes.mend(work, piece, strip);
                }
            }
        }
        for (int strip = 0; strip < layout.strips(); strip++)
        {
            there &= strips.read(piece, strip, work.own[strip], 0) == 0 ? -1 : ~(1L << strip);
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
}
