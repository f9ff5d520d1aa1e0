package io.farblock.raidsim.array;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.raidsim.layout.StripeLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests of any range, cut into stripes and pieces of them. A stripe is worked on under its lock; requests that touch
 * other stripes go on beside. Thread safe.
 *
 * <pre>
 *   one write of a stripe          columns are cut where the set of strips changes, so that in every piece
 *     strip 0  . . . . x x x       the strips that are written are written whole:
 *     strip 1  x x x x x x x         columns 0-1: strips 1, 2     columns 4-6: strips 0, 1
 *     strip 2  x x . . . . .         columns 2-3: strip 1
 * </pre>
 */
final class ArrayIo
{
    /** Never written to. */
    private static final ByteBuffer ZEROS = AlignedBuffers.allocate(1024 * 1024);

    private final StripeLayout layout;
    private final Stripes stripes;
    private final StripeLocks locks;
    private final Intent intent;
    private final Membership membership;
    private final ConcurrentLinkedQueue<StripeBuffers> idleBuffers = new ConcurrentLinkedQueue<>();
    private final int stripeBytes;

    ArrayIo(final StripeLayout layout, final Stripes stripes, final StripeLocks locks, final Intent intent,
        final Membership membership)
    {
        this.layout = layout;
        this.stripes = stripes;
        this.locks = locks;
        this.intent = intent;
        this.membership = membership;
        this.stripeBytes = layout.dataStrips() * layout.chunkBytes();
    }

    /** Something done to a range of one stripe's array bytes. */
    private interface Request
    {
        int of(StripeBuffers work, long stripe, int within, int length, int done);
    }

    int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return each(offsetBytes, lengthBytes, (work, stripe, within, length, done) ->
            readStripe(work, stripe, within, length, buffer.duplicate(), index + done));
    }

    int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return writing(offsetBytes, lengthBytes, (work, stripe, within, length, done) ->
            writeStripe(work, stripe, within, length, buffer, index + done));
    }

    int zero(final long offsetBytes, final long lengthBytes)
    {
        int worst = 0;
        final long piece = (long)stripeBytes * Math.max(1, ZEROS.capacity() / stripeBytes);
        for (long done = 0; done < lengthBytes && worst == 0; )
        {
            final long to = Math.min(lengthBytes, ((offsetBytes + done) / piece + 1) * piece - offsetBytes);
            worst = writing(offsetBytes + done, (int)(to - done), this::zeroStripe);
            done = to;
        }
        return worst;
    }

    private int zeroStripe(
        final StripeBuffers work, final long stripe, final int within, final int length, final int done)
    {
        if (within == 0 && length == layout.columns(stripe) * layout.dataStrips())
        {
            return stripes.zeroWhole(new StripePiece(stripe, 0, layout.columns(stripe), 0, layout.dataStrips() - 1));
        }
        int worst = 0;
        for (int at = 0; at < length; )
        {
            // within one strip, so that the zeros need not be as long as the stripe
            final int end = Math.min(Math.min(length, at + ZEROS.capacity()),
                ((within + at) / layout.chunkBytes() + 1) * layout.chunkBytes() - within);
            worst = Math.min(worst, writeStripe(work, stripe, within + at, end - at, ZEROS, 0));
            at = end;
        }
        return worst;
    }

    private int writing(final long offsetBytes, final int lengthBytes, final Request request)
    {
        membership.beginWrite();
        try
        {
            return each(offsetBytes, lengthBytes, (work, stripe, within, length, done) ->
            {
                final int begun = intent == null ? 0 : intent.begin(stripe);
                try
                {
                    return begun < 0 ? begun : request.of(work, stripe, within, length, done);
                }
                finally
                {
                    if (intent != null)
                    {
                        intent.end(stripe);
                    }
                }
            });
        }
        finally
        {
            membership.endWrite();
        }
    }

    private int each(final long offsetBytes, final int lengthBytes, final Request request)
    {
        final StripeBuffers work = take();
        int worst = 0;
        for (int done = 0; done < lengthBytes; )
        {
            final long stripe = (offsetBytes + done) / stripeBytes;
            final int within = (int)((offsetBytes + done) % stripeBytes);
            final int length = Math.min(lengthBytes - done, stripeBytes - within);
            final ReentrantLock lock = locks.of(stripe);
            lock.lock();
            try
            {
                worst = Math.min(worst, request.of(work, stripe, within, length, done));
            }
            finally
            {
                lock.unlock();
            }
            done += length;
        }
        idleBuffers.add(work);
        return worst;
    }

    private int readStripe(final StripeBuffers work, final long stripe, final int within, final int length,
        final ByteBuffer target, final int index)
    {
        return stripes.readsTogether() ?
            pieces(stripe, within, length, (piece, at) -> stripes.readTogether(work, piece, target, index + at)) :
            readStrips(work, stripe, within, length, target, index);
    }

    private int readStrips(final StripeBuffers work, final long stripe, final int within, final int length,
        final ByteBuffer target, final int index)
    {
        int worst = 0;
        for (int done = 0; done < length; )
        {
            final int strip = (within + done) / layout.chunkBytes();
            final int column = (within + done) % layout.chunkBytes();
            final int part = Math.min(length - done, layout.chunkBytes() - column);
            worst = Math.min(worst,
                stripes.read(work, new StripePiece(stripe, column, part, strip, strip), target, index + done));
            done += part;
        }
        return worst;
    }

    private int writeStripe(final StripeBuffers work, final long stripe, final int within, final int length,
        final ByteBuffer source, final int index)
    {
        return pieces(stripe, within, length, (piece, at) -> stripes.write(work, piece, source, index + at));
    }

    /** Something done to a piece whose first strip's bytes are those of the request from {@code at} on. */
    private interface PieceRequest
    {
        int of(StripePiece piece, int at);
    }

    private int pieces(final long stripe, final int within, final int length, final PieceRequest request)
    {
        final int chunk = layout.chunkBytes();
        final int first = within / chunk;
        final int last = (within + length - 1) / chunk;
        final int from = within % chunk;
        final int to = within + length - last * chunk;
        final int low = first == last ? from : Math.min(from, to);
        final int high = Math.max(from, to);
        int worst = 0;
        for (final int[] segment : new int[][]{{0, low}, {low, high}, {high, chunk}})
        {
            final int begin = segment[0] >= from ? first : first + 1;
            final int end = segment[0] < to ? last : last - 1;
            for (int column = segment[0]; begin <= end && column < segment[1]; column += StripeBuffers.PIECE_BYTES)
            {
                final int piece = Math.min(StripeBuffers.PIECE_BYTES, segment[1] - column);
                worst = Math.min(worst, request.of(
                    new StripePiece(stripe, column, piece, begin, end), begin * chunk + column - within));
            }
        }
        return worst;
    }

    private StripeBuffers take()
    {
        final StripeBuffers idle = idleBuffers.poll();
        return idle != null ? idle : new StripeBuffers(layout);
    }
}
