package io.farblock.replication.source;

import io.farblock.powersim.explore.BrokenPromise;
import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import io.farblock.replication.MediaStorage;
import io.farblock.replication.SnapshotPlan;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.merkle.DigestTree;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a source keeps of the epochs that its target has sealed: digest table and record. An epoch that was noted as
 * sealed is not forgotten; a table that is said to be in order comes to the root of its epoch; and whatever it is, its
 * root is that of its leaves, so that comparing roots with the target finds what a cut has mixed. One thread.
 */
public final class TablesComponent implements CrashComponent
{
    private static final int BLOCK_BYTES = 4096;
    /** Three pages of leaves, so that there are inner nodes that can be out of date. */
    private static final long BLOCKS = 300;
    private static final int EPOCHS = 3;
    private static final int GOES_ON_ONE_IN = 8;

    /** The target is being told to seal: from now on it may be the newest. */
    private record Committing(long epoch, String root)
    {
    }

    /** It is sealed, and that was noted durably. */
    private record Sealed(long epoch, String root)
    {
    }

    @Override
    public String name()
    {
        return "tables";
    }

    @Override
    public void run(final Media media, final Witness witness, final SplittableRandom random) throws Exception
    {
        final SourceTables tables = tables(media);
        tables.open("device", BLOCKS * BLOCK_BYTES);
        witness.note(new Sealed(0, tables.root()));
        for (int epoch = 1; epoch <= EPOCHS; epoch++)
        {
            epoch(tables, witness, random, epoch);
        }
        tables.close();
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws Exception
    {
        final SourceTables tables = tables(survived);
        tables.open("device", BLOCKS * BLOCK_BYTES);
        check(tables, witness);
        witness.note(new Sealed(tables.sealedEpoch(), tables.root()));
        // now and then it goes on, as if nothing had been
        final SplittableRandom random = new SplittableRandom(tables.root().hashCode());
        if (random.nextInt(GOES_ON_ONE_IN) == 0)
        {
            epoch(tables, witness, random, (int)tables.sealedEpoch() + 1);
        }
        tables.close();
    }

    private static void epoch(
        final SourceTables tables, final Witness witness, final SplittableRandom random, final long epoch)
        throws Exception
    {
        final int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++)
        {
            tables.epochTree().set(random.nextLong(BLOCKS), digest(random.nextLong()));
        }
        final String root = Digest.hex(tables.epochTree().root());
        witness.note(new Committing(epoch, root));
        tables.sealed(epoch, Consistency.CRASH);
        witness.note(new Sealed(epoch, root));
    }

    private static void check(final SourceTables tables, final Witness witness) throws BrokenPromise
    {
        final Sealed sealed = witness.newest(Sealed.class, new Sealed(0, tables.root()));
        final Committing newest = begun(witness, new Committing(sealed.epoch(), sealed.root()));
        final long found = tables.sealedEpoch();
        BrokenPromise.unless(found == sealed.epoch() || found == newest.epoch(), "the record says epoch " + found +
            ", expected " + sealed.epoch() + ", or " + newest.epoch() + " that was being sealed");
        final String leaves = Digest.hex(tables.table().rebuild());
        BrokenPromise.unless(tables.root().equals(leaves), "the table says root " + tables.root() +
            ", its leaves come to " + leaves + ": a compare with the target would not find where they differ");
        if (newest.epoch() == sealed.epoch())
        {
            BrokenPromise.unless(tables.root().equals(sealed.root()), "epoch " + found + " has root " + tables.root() +
                ", expected " + sealed.root() + ", since nothing was begun after it");
        }
        checkLeaves(tables.table());
    }

    /** What was being sealed when the power went; once a recovery has seen that it was not, it stays so. */
    private static Committing begun(final Witness witness, final Committing nothing)
    {
        Committing begun = nothing;
        for (final Object fact : witness.facts())
        {
            if (fact instanceof Committing committing)
            {
                begun = committing;
            }
            else if (fact instanceof Sealed)
            {
                begun = nothing;
            }
        }
        return begun;
    }

    /** Each digest is one that somebody made. */
    private static void checkLeaves(final DigestTree table) throws BrokenPromise
    {
        final byte[] digest = new byte[32];
        for (long block = table.nextNonZero(0); block < BLOCKS; block = table.nextNonZero(block + 1))
        {
            table.get(block, digest);
            final long number = ByteBuffer.wrap(digest).getLong();
            BrokenPromise.unless(Arrays.equals(digest, digest(number)), "the digest of block " + block + " is torn");
        }
    }

    private static byte[] digest(final long number)
    {
        final ByteBuffer digest = ByteBuffer.allocate(32);
        for (int i = 0; i < 4; i++)
        {
            digest.putLong(number);
        }
        return digest.array();
    }

    private static SourceTables tables(final Media media)
    {
        return new SourceTables(
            new SourceConfig.Volume("disk", Path.of("/sim/disk"), BLOCK_BYTES, Tracking.SCAN, SnapshotPlan.reflink()),
            media.directory().resolve("disk"), new MediaStorage(media));
    }
}
