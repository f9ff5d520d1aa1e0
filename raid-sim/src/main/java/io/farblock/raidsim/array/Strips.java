package io.farblock.raidsim.array;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.layout.StripeLayout;
import java.nio.ByteBuffer;

/**
 * Strips of single members: reads only where a member's data are good, writes to whoever sits in the slot and to who is
 * about to, and hands every failure to {@link Membership}. Whoever calls holds the stripe's lock; besides that, thread
 * safe.
 */
final class Strips
{
    /** Nothing to read there: no member, or one whose data are not good. */
    static final int ABSENT = -Errno.ENOMEDIUM;

    private final StripeLayout layout;
    private final Slots slots;
    private final Membership membership;

    Strips(final StripeLayout layout, final Slots slots, final Membership membership)
    {
        this.layout = layout;
        this.slots = slots;
        this.membership = membership;
    }

    /**
     * Reads a strip of its member.
     *
     * @return 0, {@link #ABSENT} if there is no good member, or -EIO if it could not read.
     */
    int read(final StripePiece piece, final int strip, final ByteBuffer target, final int index)
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

    /** To the member in the strip's slot and to the one that is about to replace it. */
    int write(final StripePiece piece, final int strip, final ByteBuffer source)
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

    /** Has a strip of one member read as zeros; as {@link #write}. */
    int zero(final StripePiece piece, final int strip, final Member member)
    {
        final long offset = layout.offsetBytes(piece.stripe(), strip) + piece.column();
        return member == null ? 0 : settle(member, offset, piece.length(),
            member.device.zero(member.dataOffset + offset, piece.length()));
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
}
