package io.farblock.daemon.config;

import io.farblock.daemon.power.PowerPolicy;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.source.CutPlan;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.source.Tracking;
import io.farblock.replication.target.TargetConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tomlj.TomlTable;

/**
 * Concludes a parsed file into a {@link DaemonConfig}. One use, one thread; every mistake lands in the given
 * collection, and the result counts only when that stayed empty.
 */
final class ConfigReader
{
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;
    private static final int MOST_THREADS = 256;
    private static final int MOST_PATHS = 32;
    private static final int MOST_COST = 1000;
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(30);

    private final Mistakes mistakes;
    private final CrossChecks checks;
    private final PowerReader power;
    /** Peers that are only known here; a group cannot go there. */
    private final Map<String, TableReader> pathless = new HashMap<>();
    private final int cores;

    ConfigReader(final Mistakes mistakes, final int cores)
    {
        this.mistakes = mistakes;
        this.checks = new CrossChecks(mistakes);
        this.power = new PowerReader(mistakes, checks);
        this.cores = Math.min(cores, MOST_THREADS);
    }

    DaemonConfig read(final TomlTable file)
    {
        final TableReader root = new TableReader(file, Section.ROOT, 1, mistakes);
        final String site = root.name(ConfigKey.SITE);
        final Path state = root.path(ConfigKey.STATE);
        final Path control = root.path(ConfigKey.CONTROL);
        final long journalLimit = root.size(ConfigKey.JOURNAL_LIMIT, 16 * MIB, 1024 * TIB);
        final long journalReserve = root.size(ConfigKey.JOURNAL_RESERVE, 0, 1024 * TIB);
        final int window = (int)root.size(ConfigKey.WINDOW, MIB, 1024 * MIB);
        final Integer level = root.parsed(ConfigKey.COMPRESSION, ConfigReader::compressionLevel);
        final int compressors = root.count(ConfigKey.COMPRESSORS, cores, 1, MOST_THREADS);
        final int verifiers = root.count(ConfigKey.VERIFIERS, cores, 1, MOST_THREADS);
        final TableReader listenTable = root.table(Section.LISTEN);
        final List<InetSocketAddress> listen = listen(listenTable);
        final int blockMax = listenTable == null ? 0 : block(listenTable, ConfigKey.LISTEN_BLOCK_MAX, window);
        final DaemonConfig.Security security = security(root, listenTable);
        final List<DaemonConfig.Peer> peers = peers(root, site);
        final PowerPolicy policy = power.read(root);
        final List<DaemonConfig.Group> groups = groups(root, peers, window);
        final List<TargetConfig.Replica> replicas = replicas(root, listenTable != null);
        if (listenTable == null && groups.isEmpty())
        {
            mistakes.add(1, Section.GROUP.key(), "neither [[group]] nor [listen]", "at least one of them",
                "a source needs [[peer]] and [[group]], a target needs [listen] and [[replica]]");
        }
        return mistakes.isEmpty() ? new DaemonConfig(site, state, control, security, journalLimit, journalReserve,
            window, level, compressors, verifiers, listen, blockMax, peers, groups, replicas, policy) : null;
    }

    private static int compressionLevel(final String text)
    {
        if ("none".equals(text))
        {
            return 0;
        }
        if (text.matches("zstd:-?\\d{1,2}"))
        {
            final int level = Integer.parseInt(text.substring(text.indexOf(':') + 1));
            if (level != 0 && level >= -7 && level <= 19)
            {
                return level;
            }
        }
        throw new IllegalArgumentException("none or zstd:LEVEL with a level from -7 to 19, not 0");
    }

    private List<InetSocketAddress> listen(final TableReader table)
    {
        if (table == null)
        {
            return List.of();
        }
        return List.copyOf(table.addresses(ConfigKey.LISTEN_ADDRESSES));
    }

    private static DaemonConfig.Security security(final TableReader root, final TableReader listen)
    {
        final Path certificate = root.optionalPath(ConfigKey.CERTIFICATE);
        final Path key = root.optionalPath(ConfigKey.KEY);
        if (root.has(ConfigKey.CERTIFICATE) != root.has(ConfigKey.KEY))
        {
            final ConfigKey there = root.has(ConfigKey.CERTIFICATE) ? ConfigKey.CERTIFICATE : ConfigKey.KEY;
            final ConfigKey missing = there == ConfigKey.KEY ? ConfigKey.CERTIFICATE : ConfigKey.KEY;
            root.wrong(missing, null, "a path, as " + there.key() + " is there", "name the file that belongs to it");
        }
        return new DaemonConfig.Security(certificate, key, root.optionalPath(ConfigKey.AUTHORITY),
            listen != null && listen.flag(ConfigKey.LISTEN_INSECURE));
    }

    private List<DaemonConfig.Peer> peers(final TableReader root, final String site)
    {
        final List<DaemonConfig.Peer> peers = new ArrayList<>();
        for (final TableReader table : root.tables(Section.PEER))
        {
            final String name = table.name(ConfigKey.PEER_NAME);
            checks.unique(table, ConfigKey.PEER_NAME, name, "");
            if (name != null && name.equals(site))
            {
                table.wrong(ConfigKey.PEER_NAME, name, "another name than this site's: site = " + Mistake.shown(site),
                    "give each site its own name");
            }
            final List<PathConfig> paths = new ArrayList<>();
            final LimitReader limits = new LimitReader(table);
            for (final TableReader path : table.tables(Section.PATH))
            {
                final PathConfig config = path(path, name);
                paths.add(config);
                limits.path(path, config.name());
            }
            if (paths.size() > MOST_PATHS)
            {
                mistakes.add(table.line(), "peer.path", Integer.toString(paths.size()), "at most " + MOST_PATHS,
                    "remove some");
            }
            if (paths.isEmpty())
            {
                pathless.put(name, table);
            }
            final PathMode mode = table.parsed(ConfigKey.PEER_MODE, ConfigReader::mode);
            peers.add(new DaemonConfig.Peer(
                name, List.copyOf(paths), mode, limits.limits(),
                List.copyOf(table.fingerprints(ConfigKey.PEER_FINGERPRINTS)), table.flag(ConfigKey.PEER_INSECURE)));
        }
        return peers;
    }

    private PathConfig path(final TableReader table, final String peer)
    {
        final String name = table.name(ConfigKey.PATH_NAME);
        checks.unique(table, ConfigKey.PATH_NAME, name, peer);
        final InetSocketAddress local = table.has(ConfigKey.PATH_LOCAL)
            ? table.parsed(ConfigKey.PATH_LOCAL, AddressText::parseLocal) : null;
        return new PathConfig(
            name, local, table.parsed(ConfigKey.PATH_REMOTE, text -> AddressText.parse(text, true)),
            table.count(ConfigKey.PATH_COST, 0, 0, MOST_COST), table.flag(ConfigKey.PATH_METERED));
    }

    private static PathMode mode(final String text)
    {
        return switch (text)
        {
            case "stripe" -> PathMode.STRIPE;
            case "standby" -> PathMode.STANDBY;
            default -> throw new IllegalArgumentException("stripe or standby");
        };
    }

    private List<DaemonConfig.Group> groups(
        final TableReader root, final List<DaemonConfig.Peer> peers, final int window)
    {
        final List<String> peerNames = peers.stream().map(peer -> String.valueOf(peer.name())).toList();
        final List<DaemonConfig.Group> groups = new ArrayList<>();
        for (final TableReader table : root.tables(Section.GROUP))
        {
            final String name = table.name(ConfigKey.GROUP_NAME);
            checks.unique(table, ConfigKey.GROUP_NAME, name, "");
            final String peer = table.name(ConfigKey.GROUP_PEER);
            if (peer != null && !peerNames.contains(peer))
            {
                table.wrong(ConfigKey.GROUP_PEER, peer, peerNames.isEmpty() ? "a [[peer]], and there is none"
                    : "one of " + String.join(", ", peerNames), "name a [[peer]] of this file, or add one");
            }
            final TableReader unreachable = pathless.remove(peer);
            if (unreachable != null)
            {
                mistakes.add(unreachable.line(), "peer.path", "nothing", "at least one [[peer.path]], as a group goes"
                    + " there", "add [[peer.path]] with name and remote below this [[peer]]");
            }
            final Duration interval = table.has(ConfigKey.GROUP_INTERVAL)
                ? table.parsed(ConfigKey.GROUP_INTERVAL, ConfigReader::interval) : null;
            final CutPlan cut = CutReader.plan(table);
            final List<SourceConfig.Volume> volumes = new ArrayList<>();
            for (final TableReader volume : table.tables(Section.VOLUME))
            {
                volumes.add(volume(volume, name, window, cut));
            }
            if (volumes.isEmpty())
            {
                mistakes.add(table.line(), "group.volume", "nothing", "at least one [[group.volume]]",
                    "add [[group.volume]] with name and device below this [[group]]");
            }
            groups.add(new DaemonConfig.Group(
                name, peer, interval, cut, power.ofGroup(table), List.copyOf(volumes)));
        }
        return groups;
    }

    private SourceConfig.Volume volume(
        final TableReader table, final String group, final int window, final CutPlan cut)
    {
        final String name = table.name(ConfigKey.VOLUME_NAME);
        checks.unique(table, ConfigKey.VOLUME_NAME, name, group);
        final Path device = table.path(ConfigKey.VOLUME_DEVICE);
        checks.sourceDevice(table, ConfigKey.VOLUME_DEVICE, device);
        final Tracking tracking = table.parsed(ConfigKey.VOLUME_TRACKING, ConfigReader::tracking);
        return new SourceConfig.Volume(
            name, device, block(table, ConfigKey.VOLUME_BLOCK, window), tracking,
            CutReader.snapshot(table, cut, tracking));
    }

    private static Tracking tracking(final String text)
    {
        return switch (text)
        {
            case "scan" -> Tracking.SCAN;
            case "bpf" -> Tracking.BPF;
            default -> throw new IllegalArgumentException("scan or bpf");
        };
    }

    private static int block(final TableReader table, final ConfigKey key, final int window)
    {
        final int block = (int)table.size(key, 4 * KIB, MIB);
        if (Integer.bitCount(block) != 1)
        {
            table.wrong(key, SizeText.of(block), "a power of two from 4 KiB to 1 MiB", "correct it");
        }
        else if (window < 8L * block)
        {
            table.wrong(key, SizeText.of(block), "an eighth of the window at most: window = "
                + SizeText.of(window), "use smaller blocks or a larger window");
        }
        return block;
    }

    private List<TargetConfig.Replica> replicas(final TableReader root, final boolean listens)
    {
        final List<TargetConfig.Replica> replicas = new ArrayList<>();
        final Set<String> volumes = new HashSet<>();
        for (final TableReader table : root.tables(Section.REPLICA))
        {
            final String peer = table.name(ConfigKey.REPLICA_PEER);
            final String group = table.name(ConfigKey.REPLICA_GROUP);
            final String volume = table.name(ConfigKey.REPLICA_VOLUME);
            final Path device = table.path(ConfigKey.REPLICA_DEVICE);
            checks.replicaDevice(table, ConfigKey.REPLICA_DEVICE, device);
            final String overwrite = table.has(ConfigKey.REPLICA_OVERWRITE)
                ? table.parsed(ConfigKey.REPLICA_OVERWRITE, text -> text) : "";
            if (peer != null && group != null && volume != null && !volumes.add(peer + "/" + group + "/" + volume))
            {
                table.wrong(ConfigKey.REPLICA_VOLUME, volume, "one replica for each volume of a peer's group",
                    "remove one of the two replicas of " + peer + "/" + group + "/" + volume);
            }
            if (!listens)
            {
                mistakes.add(table.line(), "replica", "a replica without [listen]", "[listen] with addresses",
                    "add [listen], or remove the replica: nothing would ever arrive");
            }
            replicas.add(new TargetConfig.Replica(peer, group, volume, device, overwrite));
        }
        return replicas;
    }

    private static Duration interval(final String text)
    {
        final Duration interval = DurationText.parse(text);
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0)
        {
            throw new IllegalArgumentException("from 1s to 30d");
        }
        return interval;
    }
}
