package io.farblock.daemon.net;

import io.farblock.daemon.net.ProgressProbe.Sample;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * How long a lost line was felt, as seen by a probe. That the others go on means without a pause of
 * {@link #PAUSE_NS}, at {@link #SHARE} of what they can carry, and that it is they who carry it.
 *
 * @param afterMs      from the loss to the first progress after which the target goes on in order.
 * @param goodputMs    from the loss to the first bytes after which the target goes on receiving what it did not have,
 *                     wherever that belongs.
 * @param standstillMs the longest time without progress in order from the loss until it goes on and a little beyond.
 */
record Recovery(double afterMs, double goodputMs, double standstillMs)
{
    /** So much of the rate of the other lines counts as all of it. */
    static final double SHARE = 0.8;
    /** A block takes 17 ms on a line of 30 Mbit/s, and the machine is busy: this is no pause yet. */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(60);
    /** For so long it has to go on. */
    private static final long PROOF_NS = TimeUnit.MILLISECONDS.toNanos(300);

    /**
     * Looks for it.
     *
     * @param othersBytesPerSecond payload of the lines that are left.
     * @return null while there is none.
     */
    static Recovery find(
        final List<Sample> samples, final long lossNs, final int lost, final double othersBytesPerSecond)
    {
        int first = samples.size() - 1;
        while (first > 0 && samples.get(first - 1).ns() >= lossNs)
        {
            first--;
        }
        final double wanted = othersBytesPerSecond * SHARE;
        final int inOrder = goesOn(samples, first, lost, wanted, Sample::inOrder);
        final int goodput = goesOn(samples, first, lost, wanted, Sample::unique);
        return inOrder < 0 || goodput < 0 ? null : new Recovery(
            sinceMs(lossNs, samples.get(inOrder)),
            sinceMs(lossNs, samples.get(goodput)),
            standstillNs(samples.subList(first, proofEnd(samples, inOrder) + 1), Sample::inOrder) / 1e6);
    }

    /** Index of the first sample from which on it goes on; -1 for none yet. */
    private static int goesOn(
        final List<Sample> samples, final int first, final int lost, final double bytesPerSecond,
        final ToLongFunction<Sample> progress)
    {
        int end = proofEnd(samples, first);
        for (int begin = first; end < samples.size(); end = proofEnd(samples, ++begin))
        {
            final List<Sample> proof = samples.subList(begin, end + 1);
            final boolean moves = begin == first ||
                progress.applyAsLong(proof.get(0)) > progress.applyAsLong(samples.get(begin - 1));
            if (moves && isFullRate(proof, lost, bytesPerSecond, progress) && standstillNs(proof, progress) < PAUSE_NS)
            {
                return begin;
            }
        }
        return -1;
    }

    private static int proofEnd(final List<Sample> samples, final int begin)
    {
        int end = begin;
        while (end < samples.size() && samples.get(end).ns() - samples.get(begin).ns() < PROOF_NS)
        {
            end++;
        }
        return end;
    }

    private static boolean isFullRate(
        final List<Sample> proof, final int lost, final double bytesPerSecond, final ToLongFunction<Sample> progress)
    {
        final Sample from = proof.get(0);
        final Sample to = proof.get(proof.size() - 1);
        final double bytes = bytesPerSecond * (to.ns() - from.ns()) / 1e9;
        long arrived = 0;
        for (int line = 0; line < to.arrived().length; line++)
        {
            arrived += line == lost ? 0 : to.arrived()[line] - from.arrived()[line];
        }
        return progress.applyAsLong(to) - progress.applyAsLong(from) >= bytes && arrived >= bytes;
    }

    private static long standstillNs(final List<Sample> samples, final ToLongFunction<Sample> progress)
    {
        Sample moved = samples.get(0);
        long longestNs = 0;
        for (final Sample sample : samples)
        {
            longestNs = Math.max(longestNs, sample.ns() - moved.ns());
            if (progress.applyAsLong(sample) > progress.applyAsLong(moved))
            {
                moved = sample;
            }
        }
        return longestNs;
    }

    private static double sinceMs(final long lossNs, final Sample sample)
    {
        return Math.max(0, sample.ns() - lossNs) / 1e6;
    }
}
