package io.farblock.replication.source;

import io.farblock.replication.lineage.Consistency;

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
    /** What may be said of its bytes; written before the mark of the seal, which carries it. */
    volatile Consistency consistency = Consistency.FUZZY;
    /** The instant that its bytes are of, or the first one that any of them is of. */
    volatile long cutNs;
    /** How long the volumes were held still; 0 when they were not. */
    volatile long pauseNs;
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
        this.cutNs = startNs;
    }
}
