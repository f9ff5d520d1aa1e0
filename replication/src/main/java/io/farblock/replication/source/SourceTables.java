package io.farblock.replication.source;

import io.farblock.blockdev.dirty.ScanTracker;
import io.farblock.replication.Storage;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.lineage.RecordFile;
import io.farblock.replication.lineage.VolumeRecord;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.merkle.TreeShape;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the peer has of a volume (the table), what the running epoch makes of that (the epoch tree), and the record of
 * the last seal, on disk.
 *
 * <p>The table is the source's belief of the target's. It is checked by root before every epoch and brought in line
 * with the target's when it differs, so a torn or lost table costs a compare, never a wrong copy.
 *
 * <p>Owned by the capture thread; while an epoch is on its way the trees belong to the hash stage.
 */
final class SourceTables implements ScanTracker.SealedContent
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");

    private final SourceConfig.Volume config;
    private final Path directory;
    private final RecordFile recordFile;
    private final Storage storage;
    private DigestTree table;
    private DigestTree epochTree;
    private volatile VolumeRecord record;
    private boolean open;
    /** The table could not be made durable; set before the attempt, so that no way of failing is missed. */
    private boolean suspect;
    private volatile String root = "";

    SourceTables(final SourceConfig.Volume config, final Path directory, final Storage storage)
    {
        this.config = config;
        this.directory = directory;
        this.recordFile = new RecordFile(directory.resolve("record"), storage.sync());
        this.storage = storage;
    }

    /**
     * Opens them once; again after a flush that failed.
     *
     * @param device    its name, for people.
     * @param sizeBytes of the device now.
     * @return whether they were opened now.
     * @throws VolumeException when they are of a volume of another size.
     */
    boolean open(final String device, final long sizeBytes) throws IOException, VolumeException
    {
        if (suspect)
        {
            forget();
        }
        final boolean opens = !open;
        if (opens)
        {
            // A failure half way may have left some of them open.
            close();
            openFiles(sizeBytes);
        }
        if (record.sizeBytes() != sizeBytes || record.blockBytes() != config.blockBytes())
        {
            throw new VolumeException("volume " + config.name() + ": " + device + " has " + sizeBytes +
                " bytes in blocks of " + config.blockBytes() + ", but it was replicated as " +
                record.sizeBytes() + " bytes in blocks of " + record.blockBytes() +
                ": give the changed volume a new name, with a new replica");
        }
        return opens;
    }

    void close()
    {
        open = false;
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

    /** The epoch is sealed on the target. */
    void sealed(final long epoch, final Consistency consistency) throws IOException
    {
        commit(epoch, consistency, 0, 0);
    }

    /** What the target has was learned; what has never been compared is so still. */
    void adopted(final long epoch, final Consistency consistency) throws IOException
    {
        commit(epoch, consistency, record.windowFirst(), record.windowCount());
    }

    DigestTree table()
    {
        return table;
    }

    DigestTree epochTree()
    {
        return epochTree;
    }

    /** Where it begins what was not compared with the device since the table was made. */
    long uncomparedOffset()
    {
        return record.windowFirst() * config.blockBytes();
    }

    /** How much that is. */
    long uncomparedBytes()
    {
        return record.windowCount() * config.blockBytes();
    }

    /** 0 before the first. Any thread. */
    long sealedEpoch()
    {
        return record == null ? 0 : record.sealedEpoch();
    }

    /** Of the newest sealed epoch. Any thread. */
    Consistency consistency()
    {
        return record == null ? Consistency.FUZZY : record.consistency();
    }

    /** Of the newest sealed epoch, in hexadecimal. Any thread. */
    String root()
    {
        return root;
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        final long block = table.nextNonZero(offsetBytes / config.blockBytes());
        return Math.min(block * config.blockBytes(), record.sizeBytes());
    }

    @Override
    public int blockBytes()
    {
        return config.blockBytes();
    }

    private void commit(final long epoch, final Consistency consistency, final long windowFirst,
        final long windowCount) throws IOException
    {
        suspect = true;
        // Marked first: a crash while pages move down leaves inner nodes that do not fit, and the mark says so.
        recordFile.write(record.unsettled());
        epochTree.commit();
        table.sync();
        root = Digest.hex(table.root());
        record = record.sealed(epoch, root, consistency).window(windowFirst, windowCount);
        recordFile.write(record);
        suspect = false;
    }

    private void forget() throws IOException
    {
        // A failed flush has lost pages that the next one would vouch for: fetched from the target, none is stale.
        close();
        recordFile.delete();
        suspect = false;
    }

    private void openFiles(final long sizeBytes) throws IOException
    {
        RecordFile.makeDirectories(directory, storage.sync());
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
        final VolumeRecord unsealed = VolumeRecord.fresh(sizeBytes, config.blockBytes(), 0, 0);
        // Nothing has been compared with a table that is new: all of it has to be, whatever was followed meanwhile.
        record = fresh ? unsealed.window(0, unsealed.blocks()) : found;
        final TreeShape shape = new TreeShape(Math.max(1, record.blocks()));
        table = new DigestTree(storage.openTable(directory.resolve("table"), shape.totalBytes(), fresh), shape);
        epochTree = table.over(storage.openTable(directory.resolve("epoch"), shape.totalBytes(), true));
        root = Digest.hex(record.settled() ? table.root() : table.rebuild());
        if (fresh)
        {
            table.sync();
            recordFile.write(record);
        }
        open = true;
    }
}
