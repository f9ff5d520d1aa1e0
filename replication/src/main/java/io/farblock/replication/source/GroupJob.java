package io.farblock.replication.source;

import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.VerifyResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

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
            epoch.complete(new EpochResult(group.name(), 0, false, reason, "fuzzy", "", 0, 0, 0, 0, 0));
        }
    }

    boolean isVerify()
    {
        return verify != null;
    }
}
