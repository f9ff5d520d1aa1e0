package io.farblock.replication.source;

/**
 * One try to get an epoch of a group across. It belongs to one session: when the target's process is another one, the
 * attempt is over and its granules go back.
 *
 * <p>The capture thread creates and judges it; each counter has one writing stage and is read by status.
 */
final class EpochAttempt
{
    final String group;
    final long epoch;
    final long number;
    final long session;
    final long startNs;

    /** Written by capture. */
    volatile long totalBytes;
    volatile long scannedBytes;
    /** Why it cannot be finished, from whichever stage found out first; null while nothing is wrong. */
    volatile String failure;
    /** Written by hash. */
    volatile long changedBytes;
    /** Written by send. */
    volatile long payloadBytes;
    volatile long wireBytes;

    EpochAttempt(final String group, final long epoch, final long number, final long session, final long startNs)
    {
        this.group = group;
        this.epoch = epoch;
        this.number = number;
        this.session = session;
        this.startNs = startNs;
    }
}
