package io.farblock.daemon.net;

import io.farblock.daemon.net.ProgressProbe.Sample;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long a lost line was felt, as seen by a probe.
 *
 * @param afterMs      from the loss to the first progress after which the target goes on in order, without a pause of
 *                     {@link #PAUSE_NS}, at {@link #SHARE} of what the other lines can carry, and they carry it.
 * @param standstillMs the longest time without progress from the loss until then and a little beyond.
 */
record Recovery(double afterMs, double standstillMs)
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
        for (int begin = first; begin < samples.size(); begin++)
        {
            int end = begin;
            while (end < samples.size() && samples.get(end).ns() - samples.get(begin).ns() < PROOF_NS)
            {
                end++;
            }
            if (end == samples.size())
            {
                return null;
            }
            final List<Sample> proof = samples.subList(begin, end + 1);
            final boolean moves = begin == first || proof.get(0).inOrder() > samples.get(begin - 1).inOrder();
            if (moves && isFullRate(proof, lost, othersBytesPerSecond * SHARE) && standstillNs(proof) < PAUSE_NS)
            {
                return new Recovery(Math.max(0, samples.get(begin).ns() - lossNs) / 1e6,
                    standstillNs(samples.subList(first, end + 1)) / 1e6);
            }
        }
        return null;
    }

    private static boolean isFullRate(final List<Sample> proof, final int lost, final double bytesPerSecond)
    {
        final Sample from = proof.get(0);
        final Sample to = proof.get(proof.size() - 1);
        final double bytes = bytesPerSecond * (to.ns() - from.ns()) / 1e9;
        long arrived = 0;
        for (int line = 0; line < to.arrived().length; line++)
        {
            arrived += line == lost ? 0 : to.arrived()[line] - from.arrived()[line];
        }
        return to.inOrder() - from.inOrder() >= bytes && arrived >= bytes;
    }

    private static long standstillNs(final List<Sample> samples)
    {
        Sample moved = samples.get(0);
        long longestNs = 0;
        for (final Sample sample : samples)
        {
            longestNs = Math.max(longestNs, sample.ns() - moved.ns());
            if (sample.inOrder() > moved.inOrder())
            {
                moved = sample;
            }
        }
        return longestNs;
    }
}
