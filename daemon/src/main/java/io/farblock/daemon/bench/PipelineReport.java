package io.farblock.daemon.bench;

import io.farblock.replication.status.SourceStatus.StageStatus;
import java.util.List;

/**
 * What one full epoch took, both sites in one process. Immutable; its JSON, field by field, is for scripts.
 *
 * @param sizeBytes    of the volume.
 * @param payloadBytes after compression.
 * @param stages       of the source, then of the target.
 */
public record PipelineReport(String data, long sizeBytes, long payloadBytes, long wireBytes, long elapsedNs,
    List<StageStatus> stages)
{
    public long bytesPerSecond()
    {
        return (long)(sizeBytes * 1e9 / Math.max(1, elapsedNs));
    }
}
