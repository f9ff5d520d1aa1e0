package io.farblock.replication.target;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.replication.Storage;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.lineage.RecordFile;
import io.farblock.replication.lineage.VolumeRecord;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.merkle.TreeException;
import io.farblock.replication.merkle.TreeShape;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local end of one volume: a device or image, the digests of what it holds (the table), and those of the epoch
 * that is being received (pending).
 *
 * <p>While it is seeding, blocks go straight to the device and their digests straight to the table; a durable window
 * says in which range the two may differ after a crash, and that range is read and hashed again at the next start.
 * Once an epoch is sealed, device and table change only by {@code ApplyPass}, from the journal.
 *
 * <p>Apply thread; {@code volatile} fields are read by status.
 */
final class ReplicaVolume
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.target");
    private static final long WINDOW_BYTES = 1L << 30;

    private final TargetConfig.Replica config;
    private final Path directory;
    private final RecordFile recordFile;
    private final Storage storage;
    private final ReadBack readBack = new ReadBack(this);

    private BlockDevice replica;
    private DigestTree table;
    private DigestTree pending;
    private VolumeRecord record;

    private volatile ReplicaState state = ReplicaState.NEW;
    private volatile String reason = "";
    private volatile long sealedEpoch;
    private volatile long appliedEpoch;
    private volatile Consistency consistency = Consistency.FUZZY;
    private volatile String root = "";

    ReplicaVolume(final TargetConfig.Replica config, final Path directory, final Storage storage)
    {
        this.config = config;
        this.directory = directory;
        this.recordFile = new RecordFile(directory.resolve("record"), storage.sync());
        this.storage = storage;
    }

    /** Opens what an earlier life left, if anything. */
    void reopen() throws IOException
    {
        record = recordFile.read().orElse(null);
        if (record == null || table != null)
        {
            return;
        }
        try
        {
            reopenDevice();
        }
        catch (final IOException | RuntimeException ex)
        {
            // Else the next try finds the device taken, by us.
            close();
            record = null;
            throw ex instanceof IOException io ? io : new IOException(describe() + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Compares a few blocks, spread over the device, with the table: another device under the same name, or one that
     * somebody wrote to, must not pass for the sealed epoch. For a replica whose journal has been applied.
     */
    void spotCheck()
    {
        final long block = state == ReplicaState.SEALED ? readBack.mismatchOfSamples() : -1;
        if (block >= 0)
        {
            distrust("block " + block + " does not have the sealed digest: reading the whole device again");
            rehash(0, blocks());
        }
    }

    /**
     * The table is to say what is on the device, which is not what was sealed: the next epoch finds that it differs.
     * The record stops vouching for the table first, else a crash between the table's pages could hide the damage.
     */
    void forget(final long block, final byte[] found) throws IOException
    {
        if (record.settled())
        {
            record = record.unsettled();
            recordFile.write(record);
        }
        table.set(block, found);
        distrust("block " + block + " was found damaged and will be sent again");
    }

    /** The device is not what was sealed; the next epoch makes it so. */
    void distrust(final String why)
    {
        LOG.error("replica peer={} group={} volume={} state=unknown reason=\"{}\"", config.peer(), config.group(),
            config.volume(), why);
        become(ReplicaState.UNKNOWN, why);
    }

    /**
     * Makes the replica ready for a source's volume of this shape.
     *
     * @return empty, or why not: what only an operator can mend.
     */
    String open(final long sizeBytes, final int blockBytes) throws IOException
    {
        if (table == null)
        {
            reopen();
        }
        if (record == null)
        {
            adopt(sizeBytes, blockBytes);
        }
        if (record.sizeBytes() != sizeBytes || record.blockBytes() != blockBytes)
        {
            return describe() + " was made for " + record.sizeBytes() + " bytes in blocks of " + record.blockBytes() +
                ", the source has " + sizeBytes + " bytes in blocks of " + blockBytes +
                ": give the changed volume a new name, with a new replica";
        }
        return state == ReplicaState.FAILED ? describe() + " has failed: " + reason : "";
    }

    /** Whether its device is still being read to learn what it holds. */
    boolean isRehashing()
    {
        return !readBack.isDone() && state != ReplicaState.FAILED;
    }

    /** Reads and hashes some of what has to be learned; returns how many blocks. */
    int rehashStep()
    {
        final int result = readBack.step();
        if (result < 0)
        {
            fail("cannot read " + replica.name() + " at offset " + readBack.next() * record.blockBytes() + ": " +
                Errno.describe(result));
            readBack.clear();
            return 0;
        }
        if (readBack.isDone())
        {
            learned();
        }
        else
        {
            reason = "reading what the device holds, block " + readBack.next() + " of " + readBack.end();
        }
        return result;
    }

    /** The digest of a block as it is on the device now, in a buffer used again; null when it cannot be read. */
    byte[] digestOnDevice(final long block)
    {
        return readBack.digestOf(block);
    }

    /** Blocks that are to be written to a seeding replica must be within its durable window. */
    int admitSeed(final long firstBlock, final long count) throws IOException
    {
        final long first = record.windowFirst();
        if (firstBlock >= first && firstBlock + count <= first + record.windowCount())
        {
            return 0;
        }
        // Device before table before record: a table that survives a crash must not speak of blocks that did not.
        final int result = flush();
        if (result < 0)
        {
            return result;
        }
        syncTable();
        final long window = Math.max(count, WINDOW_BYTES / record.blockBytes());
        record = record.window(firstBlock, Math.min(window, blocks() - firstBlock));
        recordFile.write(record);
        return 0;
    }

    /** A seeding write failed half way: what the device holds there has to be learned again. */
    void unknown(final long firstBlock, final long count)
    {
        rehash(firstBlock, count);
    }

    /** Makes all that was written to the device durable. A failure is final. */
    int flush()
    {
        // Before the table or a seal may speak of these blocks: a power cut must not take them back afterwards.
        final int result = replica.flush();
        if (result < 0)
        {
            fail("flush of " + replica.name() + " failed: " + Errno.describe(result) +
                "; what it has lost is not known: check the device, then restart");
        }
        return result;
    }

    /** Makes what seeding wrote durable, before the epoch is sealed. */
    int settleSeed()
    {
        final int result = flush();
        if (result >= 0)
        {
            syncTable();
        }
        return result;
    }

    /** The replica is this epoch now: device durable, digests of the epoch in {@code pending}. */
    void sealed(final long epoch, final Consistency newConsistency) throws IOException
    {
        // Marked first: a crash while pages move down leaves inner nodes that do not fit, and the mark says so.
        record = record.unsettled();
        recordFile.write(record);
        pending.commit();
        syncTable();
        root = Digest.hex(table.root());
        record = record.sealed(epoch, root, newConsistency);
        recordFile.write(record);
        consistency = newConsistency;
        appliedEpoch = epoch;
        sealedEpoch = epoch;
        become(ReplicaState.SEALED, "");
    }

    /** The epoch is durable in the journal and on its way to the device. */
    void applying(final long epoch)
    {
        sealedEpoch = epoch;
        become(ReplicaState.APPLYING, "");
    }

    void blocked(final String why)
    {
        become(ReplicaState.BLOCKED, why);
    }

    void fail(final String why)
    {
        become(ReplicaState.FAILED, why);
    }

    void close()
    {
        if (pending != null)
        {
            pending.close();
            pending = null;
        }
        if (table != null)
        {
            table.close();
            table = null;
        }
        if (replica != null)
        {
            replica.close();
            replica = null;
        }
    }

    boolean isOpen()
    {
        return table != null;
    }

    boolean isSeeding()
    {
        return record.sealedEpoch() == 0;
    }

    /** Whether the device and the table are at this epoch already, or beyond. */
    boolean hasApplied(final long epoch)
    {
        return record != null && record.settled() && record.sealedEpoch() >= epoch;
    }

    /** Whether the block range lies within the volume. */
    boolean contains(final long firstBlock, final long count)
    {
        return firstBlock >= 0 && count > 0 && count <= blocks() && firstBlock <= blocks() - count;
    }

    long blocks()
    {
        return record.blocks();
    }

    int blockBytes()
    {
        return record.blockBytes();
    }

    int lengthOf(final long block)
    {
        return (int)Math.min(record.blockBytes(), record.sizeBytes() - block * record.blockBytes());
    }

    /** Bytes of a run of blocks. */
    long lengthOf(final long firstBlock, final long count)
    {
        return Math.min(count * record.blockBytes(), record.sizeBytes() - firstBlock * record.blockBytes());
    }

    BlockDevice replica()
    {
        return replica;
    }

    DigestTree table()
    {
        return table;
    }

    DigestTree pending()
    {
        return pending;
    }

    TargetConfig.Replica config()
    {
        return config;
    }

    ReplicaState state()
    {
        return state;
    }

    String reason()
    {
        return reason;
    }

    long sealedEpoch()
    {
        return sealedEpoch;
    }

    /** Of the epoch that the replica's bytes equal. */
    Consistency consistency()
    {
        return consistency;
    }

    long appliedEpoch()
    {
        return appliedEpoch;
    }

    String root()
    {
        return root;
    }

    long sizeBytes()
    {
        return record == null ? 0 : record.sizeBytes();
    }

    private void reopenDevice() throws IOException
    {
        if (storage.isMissing(config.device()))
        {
            throw new IOException(describe() + " is gone, but its state in " + directory + " says epoch " +
                record.sealedEpoch() + ": bring it back, or remove that directory to have it copied anew");
        }
        final boolean tableLost = storage.isMissing(directory.resolve("table"));
        replica = new CheckedBlockDevice(storage.openReplica(config.device(), record.sizeBytes()));
        requireSize(record.sizeBytes());
        openTables(false);
        root = Digest.hex(record.settled() ? table.root() : table.rebuild());
        sealedEpoch = record.sealedEpoch();
        appliedEpoch = sealedEpoch;
        consistency = record.consistency();
        state = sealedEpoch == 0 ? ReplicaState.SEEDING : ReplicaState.SEALED;
        rehash(record.windowFirst(), record.windowCount());
        if (tableLost || sealedEpoch > 0 && record.settled() && !root.equals(record.root()))
        {
            if (sealedEpoch > 0)
            {
                distrust("the digest table does not come to the sealed root: reading the whole device again");
            }
            rehash(0, blocks());
        }
    }

    private void learned()
    {
        root = Digest.hex(table.root());
        if (state == ReplicaState.UNKNOWN && root.equals(record.root()))
        {
            become(ReplicaState.SEALED, "");
        }
        else
        {
            reason = state == ReplicaState.UNKNOWN ? "differs from the sealed epoch; the next epoch mends it" : "";
        }
    }

    private void adopt(final long sizeBytes, final int blockBytes) throws IOException
    {
        final boolean made = storage.isMissing(config.device());
        replica = new CheckedBlockDevice(storage.openReplica(config.device(), sizeBytes));
        try
        {
            requireSize(sizeBytes);
            if (!made)
            {
                Signature.requireBlankOr(config.overwriteId(), replica);
            }
            RecordFile.makeDirectories(directory, storage.sync());
            record = VolumeRecord.fresh(sizeBytes, blockBytes, 0, 0);
            openTables(true);
            // What was there before us has to be learned: the whole device is the window until it is.
            record = record.window(0, made ? 0 : blocks());
            recordFile.write(record);
            become(ReplicaState.SEEDING, "");
            rehash(0, record.windowCount());
        }
        catch (final IOException | RuntimeException ex)
        {
            record = null;
            close();
            throw ex;
        }
    }

    private void requireSize(final long sizeBytes) throws IOException
    {
        final long have = replica.geometry().sizeBytes();
        if (have < sizeBytes)
        {
            replica.close();
            replica = null;
            throw new IOException(describe() + " has " + have + " bytes, the source has " + sizeBytes +
                ": give the replica a device at least as large");
        }
    }

    private void openTables(final boolean fresh) throws IOException
    {
        final TreeShape shape = new TreeShape(blocks());
        table = new DigestTree(storage.openTable(directory.resolve("table"), shape.totalBytes(), fresh), shape);
        pending = table.over(storage.openTable(directory.resolve("epoch"), shape.totalBytes(), true));
    }

    /** Makes the table durable. A failure is final, as that of the device is. */
    private void syncTable()
    {
        try
        {
            table.sync();
        }
        catch (final TreeException ex)
        {
            // The kernel has dropped pages that a second flush would vouch for: only a restart reads what is there.
            fail("digest table: " + ex.getMessage() + "; check the disk of the state directory, then restart");
            throw ex;
        }
    }

    private void rehash(final long first, final long count)
    {
        if (count > 0)
        {
            readBack.add(first, count);
            reason = reason.isEmpty() ? "reading what the device holds" : reason;
        }
    }

    private String describe()
    {
        return "replica " + config.device() + " of " + config.peer() + "/" + config.group() + "/" + config.volume();
    }

    private void become(final ReplicaState next, final String why)
    {
        reason = why;
        state = next;
    }
}
