package io.farblock.daemon.config;

import io.farblock.replication.SnapshotPlan;
import io.farblock.replication.source.CutPlan;
import io.farblock.replication.source.CutPlan.Mode;
import io.farblock.replication.source.Tracking;
import java.time.Duration;
import java.util.List;

/**
 * Reads what makes an epoch one instant: the keys of a group and of its volumes, and what they demand of each other. A
 * key that would have no effect is a mistake, since somebody relies on it. One file, one thread.
 */
final class CutReader
{
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Duration LONGEST_HOOK = Duration.ofHours(1);

    private CutReader()
    {
    }

    static CutPlan plan(final TableReader group)
    {
        final Mode mode = group.parsed(ConfigKey.GROUP_CONSISTENCY, CutReader::mode);
        final List<String> before = group.command(ConfigKey.GROUP_BEFORE);
        final List<String> after = group.command(ConfigKey.GROUP_AFTER);
        final Duration pause = group.parsed(ConfigKey.GROUP_PAUSE, text -> within(text, LONGEST_PAUSE));
        final Duration limit = group.parsed(ConfigKey.GROUP_HOOK_LIMIT, text -> within(text, LONGEST_HOOK));
        if (mode == null || pause == null || limit == null)
        {
            return CutPlan.live();
        }
        requireHooks(group, mode, before, after);
        requireEffect(group, ConfigKey.GROUP_PAUSE, mode == Mode.SUSPEND, "consistency = \"suspend\"");
        requireEffect(group, ConfigKey.GROUP_HOOK_LIMIT, !before.isEmpty(), "before and after");
        return new CutPlan(mode, pause.toNanos(), before, after, limit.toNanos());
    }

    /** The volume's snapshot; null unless its group reads one. */
    static SnapshotPlan snapshot(final TableReader volume, final CutPlan plan, final Tracking tracking)
    {
        if (plan.mode() == Mode.SUSPEND && tracking == Tracking.SCAN)
        {
            volume.wrong(ConfigKey.VOLUME_TRACKING, "scan", "bpf, as consistency = \"suspend\" needs it",
                "only what was written since the last pass can be read in a pause; or use snapshot or stop");
        }
        final boolean reads = plan.mode() == Mode.SNAPSHOT;
        final SnapshotPlan.Kind kind = volume.parsed(ConfigKey.VOLUME_SNAPSHOT, CutReader::kind);
        final String size = volume.parsed(ConfigKey.VOLUME_SNAPSHOT_SIZE, CutReader::size);
        final List<String> create = volume.command(ConfigKey.VOLUME_SNAPSHOT_CREATE);
        final List<String> remove = volume.command(ConfigKey.VOLUME_SNAPSHOT_REMOVE);
        requireEffect(volume, ConfigKey.VOLUME_SNAPSHOT, reads, "consistency = \"snapshot\"");
        requireEffect(volume, ConfigKey.VOLUME_SNAPSHOT_SIZE, reads && kind == SnapshotPlan.Kind.LVM,
            "snapshot = \"lvm\"");
        final boolean hook = reads && kind == SnapshotPlan.Kind.HOOK;
        requireEffect(volume, ConfigKey.VOLUME_SNAPSHOT_CREATE, hook, "snapshot = \"hook\"");
        requireEffect(volume, ConfigKey.VOLUME_SNAPSHOT_REMOVE, hook, "snapshot = \"hook\"");
        if (hook && create.isEmpty())
        {
            volume.wrong(ConfigKey.VOLUME_SNAPSHOT_CREATE, null, "a command", "snapshot = \"hook\" needs it");
        }
        if (hook && remove.isEmpty())
        {
            volume.wrong(ConfigKey.VOLUME_SNAPSHOT_REMOVE, null, "a command", "snapshot = \"hook\" needs it");
        }
        return reads && kind != null && size != null ? new SnapshotPlan(kind, create, remove, size) : null;
    }

    private static void requireHooks(
        final TableReader group, final Mode mode, final List<String> before, final List<String> after)
    {
        if (mode == Mode.STOP && before.isEmpty())
        {
            group.wrong(ConfigKey.GROUP_BEFORE, null, "a command that stops the application",
                "consistency = \"stop\" needs it");
        }
        if (before.isEmpty() != after.isEmpty())
        {
            final ConfigKey missing = before.isEmpty() ? ConfigKey.GROUP_BEFORE : ConfigKey.GROUP_AFTER;
            group.wrong(missing, null, "a command, since its counterpart is there",
                "what is brought to rest has to go on, and the other way round");
        }
        requireEffect(group, ConfigKey.GROUP_BEFORE, mode != Mode.LIVE, "consistency other than \"live\"");
        requireEffect(group, ConfigKey.GROUP_AFTER, mode != Mode.LIVE, "consistency other than \"live\"");
    }

    private static void requireEffect(
        final TableReader table, final ConfigKey key, final boolean effective, final String condition)
    {
        if (table.has(key) && !effective)
        {
            table.wrong(key, "a value", "none without " + condition, "it would have no effect: remove it, or set " +
                "that");
        }
    }

    private static Mode mode(final String text)
    {
        return switch (text)
        {
            case "live" -> Mode.LIVE;
            case "suspend" -> Mode.SUSPEND;
            case "stop" -> Mode.STOP;
            case "snapshot" -> Mode.SNAPSHOT;
            default -> throw new IllegalArgumentException("live, suspend, stop or snapshot");
        };
    }

    private static SnapshotPlan.Kind kind(final String text)
    {
        return switch (text)
        {
            case "reflink" -> SnapshotPlan.Kind.REFLINK;
            case "lvm" -> SnapshotPlan.Kind.LVM;
            case "hook" -> SnapshotPlan.Kind.HOOK;
            default -> throw new IllegalArgumentException("reflink, lvm or hook");
        };
    }

    /** As LvmSnapshot takes it. */
    private static String size(final String text)
    {
        if (text.matches("[1-9]\\d?%|100%"))
        {
            return text;
        }
        final long bytes = SizeText.parse(text);
        if (bytes <= 0)
        {
            throw new IllegalArgumentException("1% to 100%, or a size");
        }
        return Long.toString(bytes);
    }

    private static Duration within(final String text, final Duration longest)
    {
        final Duration duration = DurationText.parse(text);
        if (duration.isZero() || duration.compareTo(longest) > 0)
        {
            throw new IllegalArgumentException("from 1ms to " + longest.toSeconds() + "s");
        }
        return duration;
    }
}
