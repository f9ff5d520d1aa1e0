package io.farblock.replication.source;

import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.VerifyResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Something that was asked of a group: an epoch, or a compare (after which {@code repair} asks for an epoch too).
 * Completed by the capture thread, once; {@code begun} is set when others can no longer join.
 */
record GroupJob(
    SourceGroup group,
    CompletableFuture<EpochResult> epoch,
    CompletableFuture<VerifyResult> verify,
    boolean repair,
    AtomicBoolean begun)
{
    static GroupJob epoch(final SourceGroup group)
    {
        return new GroupJob(group, new CompletableFuture<>(), null, false, new AtomicBoolean());
    }

    static GroupJob verify(final SourceGroup group, final boolean repair)
    {
        return new GroupJob(group, null, new CompletableFuture<>(), repair, new AtomicBoolean());
    }

    /** It will not be done. */
    void stop(final String reason)
    {
        if (isVerify())
        {
            verify.complete(VerifyPass.impossible(group, reason));
        }
        else
        {
            epoch.complete(result(null, false, reason, 0));
        }
    }

    /** How an epoch ended; {@code attempt} is its last one, or null when none was begun. */
    EpochResult result(
        final EpochAttempt attempt, final boolean sealed, final String reason, final long elapsedNs)
    {
        return new EpochResult(
            group.name(),
            attempt == null ? 0 : attempt.epoch,
            sealed,
            reason,
            attempt == null ? Consistency.FUZZY.text() : attempt.consistency.text(),
            sealed ? group.volumes().stream().map(SourceVolume::root).collect(Collectors.joining(",")) : "",
            attempt == null ? 0 : attempt.scannedBytes,
            attempt == null ? 0 : attempt.changedBytes,
            attempt == null ? 0 : attempt.payloadBytes,
            attempt == null ? 0 : attempt.wireBytes,
            attempt == null ? 0 : attempt.pauseNs,
            elapsedNs);
    }

    boolean isVerify()
    {
        return verify != null;
    }
}
