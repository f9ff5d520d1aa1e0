package io.farblock.replication.source;

import io.farblock.replication.SnapshotPlan;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.shaping.PeerLimits;
import java.nio.file.Path;
import java.util.List;

/**
 * What a source needs to know of one peer and of the groups that go there. Concluded by the daemon's configuration;
 * nothing here does I/O.
 *
 * @param site             name of this site, as the peer knows it.
 * @param stateDirectory   where digest tables and lineage are kept.
 * @param peer             name of the target site.
 * @param paths            routes to it, at least one.
 * @param mode             how they share the work.
 * @param limits           what may go there, and on which path.
 * @param groups           what goes there.
 * @param compressionLevel zstd level; 0 for none.
 * @param compressors      compress threads, at least one.
 * @param windowBytes      of blocks in flight, unacknowledged: bounds memory and the retransmission window.
 */
public record SourceConfig(
    String site,
    Path stateDirectory,
    String peer,
    List<PathConfig> paths,
    PathMode mode,
    PeerLimits limits,
    List<Group> groups,
    int compressionLevel,
    int compressors,
    int windowBytes)
{
    /** Where the state of a volume is kept. */
    public Path directory(final Group group, final Volume volume)
    {
        return stateDirectory.resolve(group.name()).resolve(volume.name());
    }

    /** A consistency group: volumes that are cut together, as the plan says. */
    public record Group(String name, List<Volume> volumes, CutPlan cut)
    {
        /** A group that is read as it moves. */
        public Group(final String name, final List<Volume> volumes)
        {
            this(name, volumes, CutPlan.live());
        }
    }

    /**
     * One replicated device or image file. {@code blockBytes} is fixed once the first epoch began; {@code snapshot} is
     * null unless the group's plan is to read one.
     */
    public record Volume(String name, Path device, int blockBytes, Tracking tracking, SnapshotPlan snapshot)
    {
        /** A volume that is scanned. */
        public Volume(final String name, final Path device, final int blockBytes)
        {
            this(name, device, blockBytes, Tracking.SCAN);
        }

        /** A volume without a snapshot. */
        public Volume(final String name, final Path device, final int blockBytes, final Tracking tracking)
        {
            this(name, device, blockBytes, tracking, null);
        }
    }
}
