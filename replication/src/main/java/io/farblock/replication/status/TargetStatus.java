package io.farblock.replication.status;

import java.util.List;
import java.util.Map;

/**
 * A target's view: where it listens, who is connected, what each replica holds, and what its stages have cost.
 *
 * @param refusedFrames what was refused, of any kind; the name is older than the kinds.
 * @param refusals      the same by kind; kinds that never were are left out.
 */
public record TargetStatus(List<String> listening, List<SessionStatus> sessions, List<ReplicaStatus> replicas,
    List<SourceStatus.StageStatus> stages, long refusedFrames, String lastRefusal,
    Map<String, Long> refusals)
{
    /** A connected source site. */
    public record SessionStatus(String peer, String session, int livePaths, long receivedBytes, long duplicateFrames)
    {
    }

    /**
     * One replica.
     *
     * @param state        new, seeding, sealed, applying, unknown, blocked or failed; the last three with
     *                     {@code reason}.
     * @param sealedEpoch  the newest epoch that is durable and agreed; 0 while seeding.
     * @param appliedEpoch the epoch that the replica's bytes equal; less than {@code sealedEpoch} while applying.
     * @param consistency  class of {@code appliedEpoch}: fuzzy, crash, fs or app.
     * @param root         hexadecimal Merkle root of {@code appliedEpoch}.
     * @param journalBytes received and not yet applied.
     */
    public record ReplicaStatus(String peer, String group, String volume, String device, String state, String reason,
        long sizeBytes, long sealedEpoch, long appliedEpoch, String consistency, String root, long journalBytes)
    {
    }
}
