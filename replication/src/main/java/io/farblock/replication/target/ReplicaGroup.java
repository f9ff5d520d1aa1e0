package io.farblock.replication.target;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.replication.journal.JournalSegment;
import io.farblock.replication.lineage.RecordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The replicas of one consistency group and the journal of the attempt that is open for them.
 *
 * <pre>
 *   GROUP/journal/EPOCH-ATTEMPT/    one segment; one that was not sealed is thrown away
 *   GROUP/VOLUME/                   table, record
 * </pre>
 *
 * Apply thread.
 */
final class ReplicaGroup
{
    private final String name;
    private final List<ReplicaVolume> volumes;
    private final Path journalDirectory;
    private final TargetConfig config;
    private final FileSync sync;
    private JournalSegment segment;
    private volatile long journalBytes;

    ReplicaGroup(
        final String name, final List<ReplicaVolume> volumes, final Path journalDirectory, final TargetConfig config,
        final FileSync sync)
    {
        this.sync = sync;
        this.name = name;
        this.volumes = volumes;
        this.journalDirectory = journalDirectory;
        this.config = config;
    }

    String name()
    {
        return name;
    }

    List<ReplicaVolume> volumes()
    {
        return volumes;
    }

    /** The open attempt's segment. */
    JournalSegment segment()
    {
        return segment;
    }

    long journalBytes()
    {
        return journalBytes;
    }

    void measureJournal()
    {
        journalBytes = segment == null ? 0 : segment.bytes();
    }

    /** Begins a segment for an attempt; an older one is gone by then. */
    void openSegment(final long epoch, final long attempt, final long salt) throws IOException
    {
        RecordFile.makeDirectories(journalDirectory, sync);
        segment = JournalSegment.create(
            journalDirectory.resolve(epoch + "-" + Long.toHexString(salt) + "-" + attempt),
            config.journalLimitBytes(),
            config.reserveBytes(),
            sync);
    }

    /** A volume of the group, or null. */
    ReplicaVolume volume(final String volumeName)
    {
        for (final ReplicaVolume volume : volumes)
        {
            if (volume.config().volume().equals(volumeName))
            {
                return volume;
            }
        }
        return null;
    }

    /** Throws the open attempt away, or what is applied by now. */
    void dropSegment()
    {
        if (segment != null)
        {
            segment.delete();
            segment = null;
            journalBytes = 0;
        }
    }

    /** Closes the segment and leaves it on disk, for the next start. */
    void closeSegment()
    {
        if (segment != null)
        {
            segment.close();
            segment = null;
        }
    }

    /** What a crash left, oldest epoch first. */
    List<Path> leftSegments() throws IOException
    {
        if (!Files.isDirectory(journalDirectory))
        {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(journalDirectory))
        {
            return entries.sorted((a, b) -> Long.compare(epochOf(a).orElse(0L), epochOf(b).orElse(0L))).toList();
        }
    }

    /** The epoch in a segment's name; empty when it is none of ours. */
    static Optional<Long> epochOf(final Path segmentDirectory)
    {
        final String[] parts = segmentDirectory.getFileName().toString().split("-");
        try
        {
            return Optional.of(Long.parseLong(parts[0]));
        }
        catch (final NumberFormatException ex)
        {
            return Optional.empty();
        }
    }

    void adoptSegment(final JournalSegment left)
    {
        segment = left;
    }
}
