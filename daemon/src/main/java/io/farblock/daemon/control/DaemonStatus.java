package io.farblock.daemon.control;

import io.farblock.daemon.power.PowerStatus;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.TargetStatus;
import java.util.List;

/**
 * Everything that {@code farblock status} tells. Immutable; its JSON, field by field, is a contract.
 *
 * @param uptimeNs       since the daemon's launch.
 * @param insecureListen whether what arrives comes in clear.
 * @param sources        one for each peer.
 * @param target         null when this site does not listen.
 * @param power          null when this site knows no UPS.
 */
public record DaemonStatus(
    String site,
    String version,
    long pid,
    long uptimeNs,
    boolean insecureListen,
    List<SourceStatus> sources,
    TargetStatus target,
    PowerStatus power)
{
}
