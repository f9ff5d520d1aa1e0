package io.farblock.raidsim.array;

import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.md.ArrayDescription;
import io.farblock.raidsim.md.BitmapImage;
import io.farblock.raidsim.md.MemberFormat;
import java.util.BitSet;

/**
 * The write-intent bitmap: which parts of the array may have stripes that are out of step. A bit is on all members,
 * durably, before the first write to its part, and goes after two {@link #tick}s without one. While a member is out
 * nothing goes, so the bits also say what that member misses, should it come back.
 *
 * <p>Thread safe. Its monitor is taken under a stripe's lock and before {@link Membership}'s; pages are written under a
 * lock of their own, so that an older copy of one never follows a newer one to a member.
 */
final class Intent
{
    /** After so many ticks without a write nothing is set. */
    static final int TICKS_TO_CLEAR = 3;

    private final ArrayDescription array;
    private final StripeLayout layout;
    private final Slots slots;
    private final Together together;
    private final BitmapImage image;
    private final int[] inFlight;
    private final byte[] idle;
    private final BitSet changedPages = new BitSet();
    private final Object pages = new Object();
    private volatile long eventsCleared;
    private Membership membership;

    Intent(final ArrayDescription array, final StripeLayout layout, final Slots slots, final Together together)
    {
        this.array = array;
        this.layout = layout;
        this.slots = slots;
        this.together = together;
        this.image = new BitmapImage(array);
        this.inFlight = new int[Math.toIntExact(image.chunks())];
        this.idle = new byte[inFlight.length];
    }

    /** Who must hear of members that do not take a page. */
    void report(final Membership to)
    {
        membership = to;
    }

    /** Takes over what was found on the members. */
    synchronized void adopt(final BitSet bits, final long clearedAtEvent)
    {
        image.setAll(bits);
        eventsCleared = Math.max(eventsCleared, clearedAtEvent);
    }

    /** A copy of the bits. */
    synchronized BitSet bits()
    {
        final BitSet bits = new BitSet();
        for (long chunk = image.next(0); chunk >= 0; chunk = image.next(chunk + 1))
        {
            bits.set((int)chunk);
        }
        return bits;
    }

    synchronized boolean hasBits()
    {
        return image.next(0) >= 0;
    }

    /** Whether any bit of a stripe is set. */
    synchronized boolean isSet(final long stripe)
    {
        boolean set = false;
        for (int chunk = first(stripe); chunk <= last(stripe); chunk++)
        {
            set |= image.isSet(chunk);
        }
        return set;
    }

    /** The last event at which a bit was cleared: a member that left before it cannot be brought up to date by bits. */
    long eventsCleared()
    {
        return eventsCleared;
    }

    /** First chunk of the bitmap that a stripe touches. */
    int first(final long stripe)
    {
        return (int)(position(stripe) / array.bitmapChunkBytes());
    }

    /** Last chunk of the bitmap that a stripe touches. */
    int last(final long stripe)
    {
        return (int)((position(stripe) + layout.columns(stripe) - 1) / array.bitmapChunkBytes());
    }

    /** Bits stand for bytes of every member where there is parity, else for bytes of the array. */
    private long position(final long stripe)
    {
        return array.level().hasParity() ? stripe * layout.chunkBytes() : layout.arrayOffset(stripe);
    }

    /**
     * Has the stripe's bits on all members before it is written.
     *
     * @return 0, or -EIO when a member that the array needs does not take them: then the stripe must not be written,
     *         for nobody would know after a restart that members that are away missed it.
     */
    synchronized int begin(final long stripe)
    {
        for (int chunk = first(stripe); chunk <= last(stripe); chunk++)
        {
            inFlight[chunk]++;
            idle[chunk] = 0;
            if (image.set(chunk))
            {
                changedPages.set(image.page(chunk));
            }
        }
        // flushed before the data go out: else a power cut could leave a torn stripe that no bit names
        return changedPages.isEmpty() ? 0 : writePages(true);
    }

    synchronized void end(final long stripe)
    {
        for (int chunk = first(stripe); chunk <= last(stripe); chunk++)
        {
            inFlight[chunk]--;
        }
    }

    /** Clears what was idle for some ticks; the caller has flushed the members just now, and nothing is out of step. */
    synchronized void tick()
    {
        boolean any = false;
        for (long chunk = image.next(0); chunk >= 0; chunk = image.next(chunk + 1))
        {
            final int at = (int)chunk;
            any |= inFlight[at] == 0 && ++idle[at] >= TICKS_TO_CLEAR;
        }
        if (any)
        {
            eventsCleared = membership.events();
            // on the members before the first bit goes: else one that left earlier could be taken back after a crash,
            // without what the bit stood for
            membership.recordAgain();
            clearIdle();
            writePages(false);
        }
    }

    private void clearIdle()
    {
        for (long chunk = image.next(0); chunk >= 0; chunk = image.next(chunk + 1))
        {
            if (inFlight[(int)chunk] == 0 && idle[(int)chunk] >= TICKS_TO_CLEAR)
            {
                image.clear(chunk);
                changedPages.set(image.page(chunk));
            }
        }
    }

    private int writePages(final boolean flush)
    {
        int worst = 0;
        together.begin();
        for (final Member member : slots.known())
        {
            int result = 0;
            for (int page = changedPages.nextSetBit(0); page >= 0; page = changedPages.nextSetBit(page + 1))
            {
                result = Math.min(result, writePage(member, page));
            }
            result = result < 0 || !flush ? result : member.device.flush();
            if (result < 0)
            {
                worst = Math.min(worst, membership.failedFlush(member, result));
            }
        }
        together.end();
        if (worst == 0)
        {
            changedPages.clear();
        }
        return worst;
    }

    private int writePage(final Member member, final int page)
    {
        synchronized (pages)
        {
            return MemberFormat.writeBitmapPage(member.device, image, page);
        }
    }

    /** Says in the head of a member's bitmap of which event it is. */
    int writeHead(final Member member, final long events)
    {
        synchronized (pages)
        {
            image.setEvents(events, eventsCleared);
            return MemberFormat.writeBitmapPage(member.device, image, 0);
        }
    }

    /** Writes all of it to a member that is new. */
    int writeAll(final Member member)
    {
        synchronized (pages)
        {
            return MemberFormat.writeBitmap(member.device, image);
        }
    }
}
