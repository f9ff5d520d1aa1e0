package io.farblock.daemon.power;

/**
 * How much of a group waits when the batteries die, if everything goes on as it was measured: it grows at a constant
 * rate, epochs begin at their interval and take what is estimated, as if the group had the paths for itself. Stateless.
 */
final class RiskProjection
{
    private static final int MOST_EPOCHS = 100_000;
    private static final double NS_PER_SECOND = 1e9;

    private RiskProjection()
    {
    }

    /**
     * One way to go on.
     *
     * @param firstNs    when the next epoch begins, from now; {@link Long#MAX_VALUE} for never.
     * @param intervalNs from there to the next one; 0 for no other.
     * @param endNs      when epochs end to begin, and have to be sealed to count.
     * @param deathNs    when the batteries die.
     */
    record Course(long firstNs, long intervalNs, long endNs, long deathNs)
    {
    }

    /** @return bytes that wait at the end; -1 when something that it rests on is not known. */
    static long bytesAtDeath(final GroupMeter group, final Course course)
    {
        final double growth = group.growthBytesPerSecond();
        if (group.waitingBytes() < 0 || growth < 0 || course.deathNs() < 0)
        {
            return -1;
        }
        double waiting = group.waitingBytes();
        long waitingAtNs = 0;
        long beginNs = course.firstNs();
        for (int epoch = 0; epoch < MOST_EPOCHS && beginNs < course.endNs(); epoch++)
        {
            final double cut = waiting + growth * (beginNs - waitingAtNs) / NS_PER_SECOND;
            final long takesNs = group.estimateNs(cut);
            if (takesNs < 0)
            {
                return -1;
            }
            if (beginNs + takesNs > course.endNs())
            {
                break;
            }
            waiting = 0;
            waitingAtNs = beginNs;
            beginNs = course.intervalNs() == 0 ? Long.MAX_VALUE : beginNs + Math.max(course.intervalNs(), takesNs);
        }
        return Math.round(waiting + growth * (course.deathNs() - waitingAtNs) / NS_PER_SECOND);
    }
}
