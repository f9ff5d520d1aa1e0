package io.farblock.daemon.cli;

import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.config.SizeText;
import io.farblock.daemon.control.DaemonStatus;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.ArrayChange;
import io.farblock.replication.status.SourceStatus.BootStatus;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import io.farblock.replication.status.SourceStatus.PauseStatus;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import io.farblock.replication.status.TargetStatus.SessionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The status as people read it. Stateless. What is not known is written {@code unknown}, never as a zero or as
 * something healthy.
 */
public final class StatusText
{
    private static final String UNKNOWN = "unknown";
    /** Of each volume; the others are in the JSON. */
    private static final int CHANGES_SHOWN = 8;

    private StatusText()
    {
    }

    public static String of(final DaemonStatus status)
    {
        final StringBuilder text = new StringBuilder();
        text.append("site ").append(status.site()).append("   farblock ").append(status.version())
            .append("   pid ").append(status.pid())
            .append("   up ").append(DurationText.of(status.uptimeNs())).append('\n');
        if (status.power() != null)
        {
            text.append('\n').append(PowerText.brief(status.power()));
        }
        for (final SourceStatus source : status.sources())
        {
            text.append('\n').append(source(source));
        }
        if (status.target() != null)
        {
            text.append('\n').append(target(status.target(), status.insecureListen()));
        }
        return text.toString();
    }

    /** How far the running epoch of a group has come, in a few words; empty when none runs. */
    static String progress(final GroupStatus group)
    {
        if (group.openEpoch() <= 0 || group.totalBytes() <= 0)
        {
            return "";
        }
        final long percent = Math.min(100, Math.round(100.0 * group.scannedBytes() / group.totalBytes()));
        return percent + " %, " + size(group.scannedBytes()) + " of " + size(group.totalBytes()) + " read, "
            + size(group.changedBytes()) + " changed, " + size(group.wireBytes()) + " sent";
    }

    private static String source(final SourceStatus source)
    {
        final StringBuilder text = new StringBuilder();
        final long up = source.paths().stream().filter(path -> "up".equals(path.state())).count();
        text.append("to ").append(source.peer()).append("   ").append(up).append(" of ").append(source.paths().size())
            .append(" paths up").append(blank(source.session()) ? "   no session" : "   session " + source.session())
            .append('\n');
        final Columns paths = new Columns("  ", "PATH", "REMOTE", "STATE", "RTT", "RATE", "SENT", "RESENT", "SECURITY",
            "REASON");
        for (final PathStatus path : source.paths())
        {
            paths.row(path.name(), orUnknown(path.remote()), orUnknown(path.state()),
                path.rttNs() > 0 ? DurationText.of(path.rttNs()) : UNKNOWN,
                path.deliveryBytesPerSecond() > 0 ? size(path.deliveryBytesPerSecond()) + "/s" : UNKNOWN,
                size(path.sentBytes()), path.resentFrames() + " frames",
                path.encrypted() ? "encrypted" : "INSECURE", orDash(path.reason()));
        }
        text.append(paths);
        final Columns groups = new Columns("  ", "GROUP", "PHASE", "EPOCH", "SEALED", "RPO", "PAUSE",
            "PROGRESS");
        final Columns volumes = new Columns("  ", "VOLUME", "DEVICE", "SIZE", "BLOCK", "TRACKING", "ARRAY", "ERROR");
        for (final GroupStatus group : source.groups())
        {
            groups.row(group.name(), phase(group.phase(), group.reason()),
                group.openEpoch() > 0 ? Long.toString(group.openEpoch()) : "-",
                sealed(group.sealedEpoch(), group.consistency()),
                group.rpoNs() < 0 ? UNKNOWN : DurationText.of(group.rpoNs()), pause(group.pause()),
                progress(group).isEmpty() ? last(group) : progress(group));
            for (final VolumeStatus volume : group.volumes())
            {
                volumes.row(group.name() + "/" + volume.name(), orUnknown(volume.device()),
                    volume.sizeBytes() > 0 ? size(volume.sizeBytes()) : UNKNOWN, size(volume.blockBytes()),
                    tracking(volume), volume.array() == null ? "-" : volume.array().reason(),
                    orDash(volume.error()));
            }
        }
        return text.append(groups).append(volumes).append(changes(source)).toString();
    }

    /** What became of arrays, the newest last; nothing when nothing did. */
    private static String changes(final SourceStatus source)
    {
        final Columns table = new Columns("  ", "ARRAY CHANGED", "AT", "WAS", "IS", "REASON");
        boolean any = false;
        for (final GroupStatus group : source.groups())
        {
            for (final VolumeStatus volume : group.volumes())
            {
                // a daemon that runs since before an update says nothing of them
                final List<ArrayChange> changes = volume.changes() == null ? List.of() : volume.changes();
                for (final ArrayChange change : changes.subList(
                    Math.max(0, changes.size() - CHANGES_SHOWN), changes.size()))
                {
                    any = true;
                    table.row(group.name() + "/" + volume.name(), Instant.ofEpochMilli(change.atMs()).toString(),
                        change.from(), change.to(), change.reason());
                }
            }
        }
        return any ? table.toString() : "";
    }

    /** An epoch and what may be said of its bytes; what was never one state of the device is shouted. */
    private static String sealed(final long epoch, final String consistency)
    {
        return epoch == 0 ? "none" : epoch + " " + ("fuzzy".equals(consistency) ? "FUZZY" : orUnknown(consistency));
    }

    private static String pause(final PauseStatus pause)
    {
        return pause.count() == 0 ? "-" : "p50 " + DurationText.of(pause.p50Ns()) + ", p99 "
            + DurationText.of(pause.p99Ns()) + ", max " + DurationText.of(pause.maxNs())
            + (pause.budgetNs() == 0 ? "" : " of " + DurationText.of(pause.budgetNs()));
    }

    private static String tracking(final VolumeStatus volume)
    {
        final StringBuilder text = new StringBuilder(orUnknown(volume.tracking()));
        volume.gaps().forEach(gap -> text.append(", GAP: ").append(gap.reason()));
        if (volume.boot() != null && volume.boot().open())
        {
            text.append(", since boot: ").append(compares(volume.boot(), volume.sizeBytes()));
        }
        return text.toString();
    }

    private static String compares(final BootStatus boot, final long sizeBytes)
    {
        return "compares " + (boot.narrowed() ? size(boot.bytes()) + " of " +
            (sizeBytes > 0 ? size(sizeBytes) : UNKNOWN) : "everything") + ": " + boot.reason();
    }

    private static String last(final GroupStatus group)
    {
        if (group.lastResult() == null)
        {
            return "-";
        }
        if (!group.lastResult().sealed())
        {
            return "last epoch FAILED: " + orUnknown(group.lastResult().reason());
        }
        return "last: " + size(group.lastResult().changedBytes()) + " changed, "
            + size(group.lastResult().wireBytes()) + " sent in " + DurationText.of(group.lastResult().elapsedNs());
    }

    private static String target(final TargetStatus target, final boolean insecure)
    {
        final StringBuilder text = new StringBuilder("listening on ")
            .append(target.listening().isEmpty() ? "nothing" : String.join(", ", target.listening()))
            .append(insecure ? "   INSECURE" : "").append('\n');
        if (target.refusedFrames() > 0)
        {
            text.append("  refused ").append(target.refusedFrames()).append(kinds(target.refusals()))
                .append(", the last: ").append(orUnknown(target.lastRefusal())).append('\n');
        }
        final Columns sessions = new Columns("  ", "FROM", "SESSION", "PATHS", "RECEIVED", "DUPLICATES");
        for (final SessionStatus session : target.sessions())
        {
            sessions.row(session.peer(), orUnknown(session.session()), session.livePaths() + " live",
                size(session.receivedBytes()), session.duplicateFrames() + " frames");
        }
        text.append(target.sessions().isEmpty() ? "  no source is connected\n" : sessions.toString());
        final Columns replicas = new Columns("  ", "REPLICA", "STATE", "SEALED", "APPLIED", "SIZE", "JOURNAL",
            "DEVICE");
        for (final ReplicaStatus replica : target.replicas())
        {
            replicas.row(replica.peer() + "/" + replica.group() + "/" + replica.volume(),
                phase(replica.state(), replica.reason()),
                replica.sealedEpoch() > 0 ? Long.toString(replica.sealedEpoch()) : "none",
                sealed(replica.appliedEpoch(), replica.consistency()),
                replica.sizeBytes() > 0 ? size(replica.sizeBytes()) : UNKNOWN,
                size(replica.journalBytes()), orUnknown(replica.device()));
        }
        return text.append(replicas).toString();
    }

    /** How many of each kind, the most frequent first. */
    private static String kinds(final Map<String, Long> refusals)
    {
        return refusals == null ? "" : refusals.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String size(final long bytes)
    {
        return SizeText.of(bytes);
    }

    private static String phase(final String phase, final String reason)
    {
        return orUnknown(phase) + (blank(reason) ? "" : " (" + reason + ")");
    }

    private static String orUnknown(final String text)
    {
        return blank(text) ? UNKNOWN : text;
    }

    private static String orDash(final String text)
    {
        return blank(text) ? "-" : text;
    }

    private static boolean blank(final String text)
    {
        return text == null || text.isBlank();
    }
}
