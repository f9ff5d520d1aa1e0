package io.farblock.raidsim.array;

import java.util.BitSet;

/**
 * Which stripes may be out of step: torn by a crash, and not resynced yet. One thread resyncs and moves the position
 * on, under the lock of the stripe; anyone asks.
 */
final class StepState implements Stripes.Trust
{
    private final Intent intent;
    private final BitSet suspects;
    private final boolean trustsAll;
    private volatile long nextStripe;

    /**
     * Of an array that was just opened.
     *
     * @param suspects  chunks of the bitmap that name the stripes in question; null for all stripes, empty for none.
     * @param trustsAll takes torn stripes for whole ones: what they compute may be wrong.
     */
    StepState(final Intent intent, final BitSet suspects, final boolean trustsAll)
    {
        this.intent = intent;
        this.suspects = suspects;
        this.trustsAll = trustsAll;
        this.nextStripe = suspects != null && suspects.isEmpty() ? Long.MAX_VALUE : 0;
    }

    @Override
    public boolean isInStep(final long stripe)
    {
        return trustsAll || !isDue(stripe);
    }

    /** Whether the stripe is still to be resynced. */
    boolean isDue(final long stripe)
    {
        return stripe >= nextStripe && isSuspect(stripe);
    }

    private boolean isSuspect(final long stripe)
    {
        if (suspects == null)
        {
            return true;
        }
        final int chunk = suspects.nextSetBit(intent.first(stripe));
        return chunk >= 0 && chunk <= intent.last(stripe);
    }

    /** The next stripe to look at. */
    long nextStripe()
    {
        return nextStripe;
    }

    void advance(final long next)
    {
        nextStripe = next;
    }
}
