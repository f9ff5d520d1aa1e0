package io.farblock.replication.source;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.ScanTracker;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.replication.Storage;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.marks.VolumeMarks;
import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.resync.TreeCompare;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replicated volume on its source: the device, who follows what is written to it, which granules the running epoch
 * is about, and what the peer has of it ({@link SourceTables}).
 *
 * <p>Owned by the capture thread; while an epoch is on its way the trees belong to the hash stage.
 */
final class SourceVolume
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");

    private final SourceConfig.Volume config;
    private final Path directory;
    private final Storage storage;
    private final VolumeMarks marks;
    private final SourceTables tables;
    private final ArrayHistory history;

    private BlockDevice device;
    private DirtyMap epochMap;
    /** What a further pass of the epoch is about; null until there is one, then kept. */
    private DirtyMap passMap;
    private boolean furtherPass;
    /** Reads everything, or a range that the tracker cannot vouch for. */
    private ScanTracker scan;
    private DirtyTracker tracker;
    /** What the running epoch compares. */
    private List<Gap> comparing = List.of();
    private int volumeId;

    private volatile long sizeBytes;
    private volatile String error = "";
    private volatile List<Gap> gaps = List.of();

    SourceVolume(final SourceConfig.Volume config, final Path directory, final Storage storage)
    {
        this.config = config;
        this.directory = directory;
        this.storage = storage;
        this.marks = new VolumeMarks(storage, directory, trackerName(), config.device());
        this.tables = new SourceTables(config, directory, storage);
        this.history = new ArrayHistory(config.name());
    }

    /**
     * Begins to follow what is written, as early as can be: what comes before has to be found by reading. A failure is
     * shown and tried again at the next epoch.
     */
    void track()
    {
        try
        {
            if (config.tracking() == Tracking.SCAN)
            {
                // It may have been followed once: the kernel would go on for nobody.
                storage.forgetTracker(trackerName());
                marks.forget();
            }
            else
            {
                openTracker();
            }
        }
        catch (final VolumeException | IOException ex)
        {
            error = ex.getMessage();
            LOG.warn("volume={} state=untracked reason=\"{}\"", config.name(), ex.getMessage());
        }
        finally
        {
            marks.attempted();
        }
    }

    /**
     * Opens the device afresh, since it may be another one than at the last epoch, and the tables once.
     *
     * @throws VolumeException when the volume cannot be replicated as it is.
     */
    void open() throws VolumeException
    {
        closeDevice();
        try
        {
            device = new CheckedBlockDevice(storage.openSource(config.device()));
            sizeBytes = device.geometry().sizeBytes();
            if (sizeBytes == 0)
            {
                throw new VolumeException("volume " + config.name() + ": " + device.name() + " has 0 bytes");
            }
            if (tables.open(device.name(), sizeBytes) || epochMap == null)
            {
                epochMap = new DirtyMap(sizeBytes);
                passMap = null;
            }
            // A session that was lost in the middle of a compare has left its half.
            tables.epochTree().reset();
            epochMap.clear();
            scan = new ScanTracker(device, tables);
            openTracker();
            error = "";
        }
        catch (final VolumeException ex)
        {
            error = ex.getMessage();
            throw ex;
        }
        catch (final IOException | RuntimeException ex)
        {
            error = String.valueOf(ex.getMessage());
            throw new VolumeException("volume " + config.name() + ": " + ex.getMessage());
        }
    }

    void closeDevice()
    {
        if (device != null)
        {
            device.close();
            device = null;
        }
    }

    void close()
    {
        closeDevice();
        tables.close();
        closeTracker();
    }

    /** Opens it once, and again where only another one can see what there is now. */
    private void openTracker() throws VolumeException
    {
        if (config.tracking() == Tracking.SCAN)
        {
            tracker = scan;
            return;
        }
        if (tracker != null && tracker.gaps().stream().anyMatch(gap -> gap.cause().needsNewTracker()))
        {
            closeTracker();
        }
        if (tracker == null)
        {
            try
            {
                tracker = follow();
                gaps = tracker.gaps();
                gaps.forEach(this::logGap);
            }
            catch (final IOException | RuntimeException ex)
            {
                throw new VolumeException("volume " + config.name() + ": cannot follow what is written to " +
                    config.device() + ": " + ex.getMessage() + "; or set tracking = \"scan\"");
            }
        }
    }

    /** A tracker whose marks are kept; the caller's to close. */
    DirtyTracker follow() throws IOException
    {
        try
        {
            return marks.follow(followOnly());
        }
        catch (final IOException | RuntimeException ex)
        {
            if (!storage.isMissing(config.device()))
            {
                // Else a map of an earlier boot would be believed at a later one, whatever is written in this.
                marks.forget();
            }
            throw ex;
        }
    }

    /** One whose marks are not. */
    DirtyTracker followOnly() throws IOException
    {
        return storage.openTracker(trackerName(), config.device());
    }

    /** Unique on this machine, as the state directory is this process's alone. */
    private String trackerName()
    {
        return directory.toAbsolutePath().toString();
    }

    private void closeTracker()
    {
        if (tracker != null)
        {
            tracker.close();
            marks.closed();
            tracker = null;
        }
    }

    /**
     * Fills the epoch's map with what may have changed: what the tracker saw, and all of what it may not have seen. The
     * digest compare in the hash stage decides what of it did change.
     */
    int harvest()
    {
        epochMap.clear();
        furtherPass = false;
        comparing = List.of();
        final int result = Math.min(tracker.harvest(epochMap), compareNewGaps(epochMap));
        return Math.min(result, scan.harvest(
            epochMap, tables.uncomparedOffset(), tables.uncomparedBytes()));
    }

    /** Adds the ranges of gaps that the epoch does not compare yet. */
    private int compareNewGaps(final DirtyMap map)
    {
        final List<Gap> compared = comparing;
        comparing = tracker.gaps();
        comparing.stream().filter(gap -> !gaps.contains(gap)).forEach(this::logGap);
        gaps = comparing;
        int result = 0;
        for (final Gap gap : comparing)
        {
            if (!compared.contains(gap))
            {
                result = Math.min(result, scan.harvest(map, gap.offsetBytes(), gap.lengthBytes()));
            }
        }
        return result;
    }

    /**
     * Adds what was written since the last harvest to the epoch; {@link #passMap} is that alone.
     *
     * @param goOn whether it is added to a pass that is not through; else a new one begins, which also compares what
     *             tracking may have missed meanwhile: the hash stage must be at rest then, as the table is looked into.
     * @return 0, or -errno when the device could not be asked.
     */
    int harvestAgain(final boolean goOn)
    {
        passMap = passMap == null ? new DirtyMap(sizeBytes) : passMap;
        if (!goOn || !furtherPass)
        {
            passMap.clear();
        }
        furtherPass = true;
        int result = tracker.harvest(passMap);
        if (!goOn)
        {
            result = Math.min(result, compareNewGaps(passMap));
        }
        // Whatever was taken is the epoch's now, also when the rest could not be asked for.
        epochMap.add(passMap);
        return result;
    }

    /** What the running pass is about: all of the epoch in the first one. */
    DirtyMap passMap()
    {
        return furtherPass ? passMap : epochMap;
    }

    /** Blocks that the running pass is about. */
    long passBlocks()
    {
        final long perBlock = config.blockBytes() / DirtyMap.GRANULE_BYTES;
        long count = 0;
        for (long at = passMap().next(0); at >= 0; at = passMap().next((at / perBlock + 1) * perBlock))
        {
            count++;
        }
        return count;
    }

    /** What the running pass is about, in bytes. */
    long passBytes()
    {
        return passMap().count() * DirtyMap.GRANULE_BYTES;
    }

    /** Whether nothing was written since the last harvest began, and tracking vouches for that. */
    boolean isStill()
    {
        return tracker.isStill() && isWhole();
    }

    /** Whether nothing that happened since the epoch began makes another compare necessary. */
    boolean isWhole()
    {
        return tracker.gaps().equals(comparing) && comparing.stream().allMatch(Gap::hasEnded);
    }

    /**
     * Reads from a snapshot of the device from now on. What was marked while it was made may or may not be in it.
     *
     * @return 0, or -errno when it could not be asked where it holds data.
     * @throws VolumeException when it is not as large as the device, or cannot be opened.
     */
    int readFrom(final Path snapshot) throws VolumeException
    {
        closeDevice();
        try
        {
            device = new CheckedBlockDevice(storage.openSource(snapshot));
        }
        catch (final IOException | RuntimeException ex)
        {
            throw new VolumeException("volume " + config.name() + ": snapshot " + snapshot + ": " + ex.getMessage());
        }
        if (device.geometry().sizeBytes() != sizeBytes)
        {
            throw new VolumeException("volume " + config.name() + ": snapshot " + snapshot + " has " +
                device.geometry().sizeBytes() + " bytes, expected " + sizeBytes + " as " + config.device());
        }
        scan = new ScanTracker(device, tables);
        tracker = config.tracking() == Tracking.SCAN ? scan : tracker;
        final List<Gap> older = comparing;
        final int result = harvestAgain(false);
        // Read now, and again in the next epoch: the snapshot may be older than these marks, and than these gaps.
        tracker.carry(passMap);
        comparing = older;
        furtherPass = false;
        return result;
    }

    /** The epoch is sealed on the target: what it carried is no longer dirty. */
    void sealed(final long epoch, final Consistency consistency) throws IOException
    {
        tables.sealed(epoch, consistency);
        epochMap.clear();
        // Last: a process that dies before finds more marked than it needs, never less.
        tracker.sealed();
        comparing.forEach(tracker::closeGap);
        gaps = tracker.gaps();
        marks.sealed();
    }

    /** The epoch is not sealed: what it carried is dirty still. */
    void putBack()
    {
        tables.epochTree().reset();
        tracker.putBack(epochMap);
        epochMap.clear();
    }

    /** Begins to bring the table in line with the target's; {@link #adopted} ends that. */
    TreeCompare compare()
    {
        return new TreeCompare(
            tables.epochTree(), block -> epochMap.mark(block * config.blockBytes(), lengthOf(block)));
    }

    /** What the target has was learned; it is at this epoch. */
    void adopted(final long epoch, final Consistency consistency) throws IOException
    {
        // First: once both tables agree, nothing else would say that these blocks have to be read.
        tracker.putBack(epochMap);
        // And on disk before the tables are: a power cut in between would lose the marks, and no bitmap has them.
        marks.keepNow();
        epochMap.clear();
        tables.adopted(epoch, consistency);
    }

    /** What outlives a boot of what is known of the writes. */
    VolumeMarks marks()
    {
        return marks;
    }

    SourceConfig.Volume config()
    {
        return config;
    }

    int blockBytes()
    {
        return config.blockBytes();
    }

    long blocks()
    {
        return (sizeBytes + config.blockBytes() - 1) / config.blockBytes();
    }

    /** Length of a block; the last one may be shorter. */
    int lengthOf(final long block)
    {
        return (int)Math.min(config.blockBytes(), sizeBytes - block * config.blockBytes());
    }

    BlockDevice device()
    {
        return device;
    }

    DigestTree table()
    {
        return tables.table();
    }

    DigestTree epochTree()
    {
        return tables.epochTree();
    }

    DirtyMap epochMap()
    {
        return epochMap;
    }

    long sealedEpoch()
    {
        return tables.sealedEpoch();
    }

    /** Of the newest sealed epoch. */
    Consistency consistency()
    {
        return tables.consistency();
    }

    /** The target's handle for this volume in the present session. */
    int volumeId()
    {
        return volumeId;
    }

    void volumeId(final int newVolumeId)
    {
        volumeId = newVolumeId;
    }

    long sizeBytes()
    {
        return sizeBytes;
    }

    /** The array that its device is, read now; empty when it is none. Any thread. */
    Optional<MdArray> array()
    {
        return storage.array(config.device());
    }

    /** What became of that array; whoever looks at it now and then tells. */
    ArrayHistory history()
    {
        return history;
    }

    /** Where writes may have been missed and nothing was compared yet. */
    List<Gap> gaps()
    {
        return gaps;
    }

    String root()
    {
        return tables.root();
    }

    String error()
    {
        return error;
    }

    private void logGap(final Gap gap)
    {
        LOG.warn("volume={} state=gap cause={} count={} offset={} length={} reason=\"{}\": compared in the next epoch",
            config.name(), gap.cause(), gap.count(), gap.offsetBytes(), gap.lengthBytes(), gap.cause().description());
    }
}
