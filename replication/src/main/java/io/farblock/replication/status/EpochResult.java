package io.farblock.replication.status;

/**
 * How an epoch ended.
 *
 * @param group         its consistency group.
 * @param epoch         its number, 1 for the first full copy.
 * @param sealed        whether it is durable on the target and both sides' digests agree.
 * @param reason        empty when sealed; otherwise what failed, where, and what to do.
 * @param consistency   class of the epoch: {@code fuzzy} when it was read from a device that moved, {@code crash},
 *                      {@code fs} or {@code app} when it is one instant; means nothing when it is not sealed.
 * @param root          hexadecimal Merkle roots, one a volume, in the group's order, joined by commas.
 * @param scannedBytes  read and hashed on the source.
 * @param changedBytes  of blocks that differed from the last sealed epoch, before compression.
 * @param payloadBytes  of those blocks after compression.
 * @param wireBytes     handed to the paths: payload, headers, control and retransmissions.
 * @param pauseNs       how long whoever writes was held up for it; 0 when nobody was.
 * @param elapsedNs     from harvest to applied.
 */
public record EpochResult(
    String group,
    long epoch,
    boolean sealed,
    String reason,
    String consistency,
    String root,
    long scannedBytes,
    long changedBytes,
    long payloadBytes,
    long wireBytes,
    long pauseNs,
    long elapsedNs)
{
}
