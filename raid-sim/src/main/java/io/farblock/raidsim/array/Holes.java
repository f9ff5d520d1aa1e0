package io.farblock.raidsim.array;

import io.farblock.raidsim.layout.StripeLayout;

/**
 * Where an array has never been written, from the holes of its members. Told for layouts whose rows go up with the
 * array's offsets and while all members are there; else nobody can tell, and everything may be data. Stateless, on any
 * thread.
 */
final class Holes
{
    private Holes()
    {
    }

    static long nextData(final StripeLayout layout, final Slots slots, final long offsetBytes)
    {
        if (offsetBytes >= layout.sizeBytes() || !isTold(layout, slots))
        {
            return offsetBytes;
        }
        final long row = rowOf(layout, offsetBytes);
        long next = Long.MAX_VALUE;
        for (int slot = 0; slot < layout.slots(); slot++)
        {
            next = Math.min(next, rowWithData(layout, slots.member(slot), row));
        }
        return Math.min(layout.sizeBytes(), Math.max(offsetBytes, arrayOffset(layout, next, false)));
    }

    static long nextHole(final StripeLayout layout, final Slots slots, final long offsetBytes)
    {
        if (offsetBytes >= layout.sizeBytes() || !isTold(layout, slots))
        {
            return layout.sizeBytes();
        }
        final long rows = layout.memberChunks();
        long row = rowOf(layout, offsetBytes);
        boolean moved = true;
        while (moved && row < rows)
        {
            moved = false;
            for (int slot = 0; slot < layout.slots() && row < rows; slot++)
            {
                final Member member = slots.member(slot);
                if (rowWithData(layout, member, row) == row)
                {
                    final long at = row * layout.chunkBytes();
                    final long hole = member == null ? -1 : member.device.nextHole(member.dataOffset + at);
                    row = hole < 0 ? rows : Math.max(row + 1, (hole - member.dataOffset) / layout.chunkBytes());
                    moved = true;
                }
            }
        }
        return Math.min(layout.sizeBytes(), Math.max(offsetBytes, arrayOffset(layout, row, true)));
    }

    private static boolean isTold(final StripeLayout layout, final Slots slots)
    {
        boolean told = slots.degraded() == 0;
        for (int strip = 1; told && strip < layout.strips(); strip++)
        {
            // copies that lie far from each other have rows that do not go up with the array's offsets
            told = layout.offsetBytes(0, strip) == layout.offsetBytes(0, 0);
        }
        return told;
    }

    /** The first row from {@code row} on in which the member has data, or ought to have and has not. */
    private static long rowWithData(final StripeLayout layout, final Member member, final long row)
    {
        if (row >= layout.memberChunks())
        {
            return Long.MAX_VALUE;
        }
        if (member == null)
        {
            // one that just went out cannot tell
            return row;
        }
        final long data = member.device.nextData(member.dataOffset + row * layout.chunkBytes()) - member.dataOffset;
        // what is lost is an error when it is read, and must not be taken for zeros that nobody wrote
        final long next = Math.min(data, member.bad.next(row * layout.chunkBytes()));
        return next < 0 ? row : Math.min(layout.memberChunks(), next / layout.chunkBytes());
    }

    private static long rowOf(final StripeLayout layout, final long offsetBytes)
    {
        return layout.offsetBytes(offsetBytes / layout.chunkBytes() / layout.dataStrips(), 0) / layout.chunkBytes();
    }

    /** Where the array's bytes of a row begin: with the first stripe that has a strip, or its first one, in it. */
    private static long arrayOffset(final StripeLayout layout, final long row, final boolean beginning)
    {
        long first = Long.MAX_VALUE;
        for (int slot = 0; slot < layout.slots() && row < layout.memberChunks(); slot++)
        {
            final long stripe = layout.stripeAt(slot, row);
            final boolean counts = stripe >= 0 && (!beginning || layout.stripAt(slot, row) == 0);
            first = counts ? Math.min(first, stripe) : first;
        }
        return first == Long.MAX_VALUE ? layout.sizeBytes() : layout.arrayOffset(first);
    }
}
