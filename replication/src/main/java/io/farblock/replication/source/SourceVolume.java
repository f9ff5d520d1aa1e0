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
import io.farblock.replication.lineage.RecordFile;
import io.farblock.replication.lineage.VolumeRecord;
import io.farblock.replication.marks.VolumeMarks;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.merkle.TreeShape;
import io.farblock.replication.resync.TreeCompare;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replicated volume on its source: the device, what the peer has of it (the table), what the running epoch makes of
 * that (the epoch tree), and which granules the epoch is about.
 *
 * <p>The table is the source's belief of the target's. It is checked by root before every epoch and brought in line
 * with the target's when it differs, so a torn or lost table costs a compare, never a wrong copy.
 *
 * <p>Owned by the capture thread; while an epoch is on its way the trees belong to the hash stage.
 */
final class SourceVolume
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");

    private final SourceConfig.Volume config;
    private final Path directory;
    private final RecordFile recordFile;
    private final Storage storage;
    private final VolumeMarks marks;

    private BlockDevice device;
    private DigestTree table;
    private DigestTree epochTree;
    private DirtyMap epochMap;
    /** What a further pass of the epoch is about; null until there is one, then kept. */
    private DirtyMap passMap;
    private boolean furtherPass;
    /** Reads everything, or a range that the tracker cannot vouch for. */
    private ScanTracker scan;
    private DirtyTracker tracker;
    /** What the running epoch compares. */
    private List<Gap> comparing = List.of();
    private VolumeRecord record;
    private int volumeId;
    /** The table could not be made durable; set before the attempt, so that no way of failing is missed. */
    private boolean suspect;

    private volatile long sizeBytes;
    private volatile String root = "";
    private volatile String error = "";
    private volatile List<Gap> gaps = List.of();

    SourceVolume(final SourceConfig.Volume config, final Path directory, final Storage storage)
    {
        this.config = config;
        this.directory = directory;
        this.recordFile = new RecordFile(directory.resolve("record"));
        this.storage = storage;
        this.marks = new VolumeMarks(storage, directory, trackerName(), config.device());
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
            if (suspect)
            {
                forgetTables();
            }
            if (epochMap == null)
            {
                // A failure half way may have left some of them open.
                closeTables();
                openTables();
            }
            if (record.sizeBytes() != sizeBytes || record.blockBytes() != config.blockBytes())
            {
                throw new VolumeException("volume " + config.name() + ": " + device.name() + " has " + sizeBytes +
                    " bytes in blocks of " + config.blockBytes() + ", but it was replicated as " +
                    record.sizeBytes() + " bytes in blocks of " + record.blockBytes() +
                    ": give the changed volume a new name, with a new replica");
            }
            // A session that was lost in the middle of a compare has left its half.
            epochTree.reset();
            epochMap.clear();
            scan = new ScanTracker(device, new Sealed());
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
        closeTables();
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
        return marks.follow(followOnly());
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

    private void closeTables()
    {
        epochMap = null;
        passMap = null;
        if (epochTree != null)
        {
            epochTree.close();
            epochTree = null;
        }
        if (table != null)
        {
            table.close();
            table = null;
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
            epochMap, record.windowFirst() * config.blockBytes(), record.windowCount() * config.blockBytes()));
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
        scan = new ScanTracker(device, new Sealed());
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
        suspect = true;
        // Marked first: a crash while pages move down leaves inner nodes that do not fit, and the mark says so.
        recordFile.write(record.unsettled());
        epochTree.commit();
        table.sync();
        root = Digest.hex(table.root());
        record = record.sealed(epoch, root, consistency);
        recordFile.write(record);
        suspect = false;
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
        epochTree.reset();
        tracker.putBack(epochMap);
        epochMap.clear();
    }

    /** Begins to bring the table in line with the target's; {@link #adopted} ends that. */
    TreeCompare compare()
    {
        return new TreeCompare(
            epochTree, block -> epochMap.mark(block * config.blockBytes(), lengthOf(block)));
    }

    /** What the target has was learned; it is at this epoch. */
    void adopted(final long epoch, final Consistency consistency) throws IOException
    {
        // First: once both tables agree, nothing else would say that these blocks have to be read.
        tracker.putBack(epochMap);
        // And on disk before the tables are: a power cut in between would lose the marks, and no bitmap has them.
        marks.keepNow();
        epochMap.clear();
        suspect = true;
        recordFile.write(record.unsettled());
        epochTree.commit();
        table.sync();
        root = Digest.hex(table.root());
        record = record.sealed(epoch, root, consistency).window(record.windowFirst(), record.windowCount());
        recordFile.write(record);
        suspect = false;
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
        return table;
    }

    DigestTree epochTree()
    {
        return epochTree;
    }

    DirtyMap epochMap()
    {
        return epochMap;
    }

    long sealedEpoch()
    {
        return record == null ? 0 : record.sealedEpoch();
    }

    /** Of the newest sealed epoch. */
    Consistency consistency()
    {
        return record == null ? Consistency.FUZZY : record.consistency();
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

    /** Where writes may have been missed and nothing was compared yet. */
    List<Gap> gaps()
    {
        return gaps;
    }

    String root()
    {
        return root;
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

    private void forgetTables() throws IOException
    {
        // A failed flush has lost pages that the next one would vouch for: fetched from the target, none is stale.
        closeTables();
        recordFile.delete();
        suspect = false;
    }

    private void openTables() throws IOException
    {
        RecordFile.makeDirectories(directory);
        VolumeRecord found = null;
        try
        {
            found = recordFile.read().orElse(null);
        }
        catch (final IOException ex)
        {
            LOG.warn("volume={} state=unknown reason=\"{}\": the table is fetched from the target", config.name(),
                ex.getMessage());
        }
        final boolean fresh = found == null;
        // Nothing has been compared with a table that is new: all of it has to be, whatever was followed meanwhile.
        record = fresh ? VolumeRecord.fresh(sizeBytes, config.blockBytes(), 0, blocks()) : found;
        final TreeShape shape = new TreeShape(
            Math.max(1, (record.sizeBytes() + record.blockBytes() - 1) / record.blockBytes()));
        table = new DigestTree(storage.openTable(directory.resolve("table"), shape.totalBytes(), fresh), shape);
        epochTree = table.over(storage.openTable(directory.resolve("epoch"), shape.totalBytes(), true));
        root = Digest.hex(record.settled() ? table.root() : table.rebuild());
        if (fresh)
        {
            table.sync();
            recordFile.write(record);
        }
        // Last: it stands for all of them being open.
        epochMap = new DirtyMap(record.sizeBytes());
    }

    /** What the table says of the last sealed epoch, in bytes. */
    private final class Sealed implements ScanTracker.SealedContent
    {
        @Override
        public long nextData(final long offsetBytes)
        {
            final long block = table.nextNonZero(offsetBytes / config.blockBytes());
            return Math.min(block * config.blockBytes(), sizeBytes);
        }

        @Override
        public int blockBytes()
        {
            return config.blockBytes();
        }
    }
}
