package io.farblock.replication.source;

import java.util.function.LongSupplier;

/**
 * What ties the paths of one peer together: an identity that the target knows, and how far the stream has come. It ends
 * when the target's process turns out to be another one than before; then a new one begins, and whatever was on its way
 * belongs to an old session and is void.
 *
 * <p>Owned by the send agent; {@code volatile} fields are read by capture and status.
 */
final class SourceSession
{
    /** The target tells of no more; what it does not tell of is sent again, which costs and harms nothing. */
    private static final int MOST_RANGES = 16;

    private final LongSupplier random;
    private final long[] rangeFirst = new long[MOST_RANGES];
    private final long[] rangeEnd = new long[MOST_RANGES];
    private int ranges;
    private long high;
    private long low;
    private long incarnation;
    private boolean known;
    private long windowFrames;

    private volatile long serial;
    private volatile long receivedSequence = -1;
    private volatile AttemptReport report = AttemptReport.NONE;
    /** Written by capture. */
    private volatile long expectedAttempt;

    /** What the target last said of the newest attempt. */
    record AttemptReport(long attempt, State state, boolean retryable, String reason)
    {
        static final AttemptReport NONE = new AttemptReport(0, State.NONE, true, "");

        /** How far the target has come with an attempt. */
        enum State
        {
            NONE, OPEN, SEALED, APPLIED, REFUSED
        }
    }

    SourceSession(final LongSupplier random)
    {
        this.random = random;
        renew();
    }

    /** Begins a new session; everything of the old one is void. */
    void renew()
    {
        high = random.getAsLong();
        low = random.getAsLong();
        known = false;
        windowFrames = 0;
        ranges = 0;
        receivedSequence = -1;
        report = AttemptReport.NONE;
        serial++;
    }

    /**
     * The target has taken a connection into the session.
     *
     * @param continued whether it still has what arrived in this session before.
     * @return false when it does not continue this session: its process is another one, or it has served another since.
     *         The caller renews. That it has received less than was known says nothing: acknowledgements on a near
     *         line overtake the welcome on a far one.
     */
    boolean welcomed(
        final long targetIncarnation, final long targetReceived, final long targetWindowFrames,
        final boolean continued)
    {
        if (known && (incarnation != targetIncarnation || !continued))
        {
            return false;
        }
        known = true;
        incarnation = targetIncarnation;
        windowFrames = targetWindowFrames;
        received(targetReceived);
        return true;
    }

    void received(final long sequence)
    {
        if (sequence > receivedSequence)
        {
            receivedSequence = sequence;
        }
    }

    /** The target is about to say what else has arrived; older words on that are void. */
    void forgetRanges()
    {
        ranges = 0;
    }

    /** Frames beyond {@link #receivedSequence()} that have arrived and wait for those before them. */
    void range(final long firstSequence, final long frameCount)
    {
        if (ranges < MOST_RANGES && frameCount > 0)
        {
            rangeFirst[ranges] = firstSequence;
            rangeEnd[ranges] = firstSequence + frameCount;
            ranges++;
        }
    }

    /** Whether the target has the frame, though perhaps not yet durably: to send it again would be for nothing. */
    boolean hasArrived(final long sequence)
    {
        boolean found = sequence <= receivedSequence;
        for (int i = 0; i < ranges && !found; i++)
        {
            found = sequence >= rangeFirst[i] && sequence < rangeEnd[i];
        }
        return found;
    }

    /** From now on only what the target says of this attempt counts; called by capture before its first frame. */
    void expect(final long attempt)
    {
        expectedAttempt = attempt;
    }

    /**
     * The target's word on an attempt. Words on others are old: of an attempt that was given up, or of one of an
     * earlier life of this process. Believing one of those would forget granules that were never sealed.
     */
    void report(final AttemptReport newReport)
    {
        final AttemptReport known = report;
        final int further = newReport.state().compareTo(known.state());
        final boolean news = newReport.attempt() != known.attempt() || further > 0 ||
            further == 0 && !newReport.reason().equals(known.reason());
        if (newReport.attempt() == expectedAttempt && news)
        {
            report = newReport;
        }
    }

    long high()
    {
        return high;
    }

    long low()
    {
        return low;
    }

    /** Number of this session within the process; never used again for another. */
    long serial()
    {
        return serial;
    }

    /** Every frame up to here is verified and kept by the target. */
    long receivedSequence()
    {
        return receivedSequence;
    }

    AttemptReport report()
    {
        return report;
    }

    /** Whether the window has room for this frame. */
    boolean admits(final long frameSequence)
    {
        return known && frameSequence - receivedSequence <= windowFrames;
    }
}
