package io.farblock.replication.target;

import io.farblock.powersim.explore.BrokenPromise;
import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import io.farblock.replication.MediaStorage;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A whole target, stepped: receiver, journal, tables, records, replicas of a group of two. After a cut the group is at
 * a sealed epoch, both volumes at the same one, byte for byte; not at an older one than was acknowledged, or seen
 * before. Then it takes the next epoch as if nothing had been. One thread.
 */
public final class ReplicaComponent implements CrashComponent
{
    static final int BLOCK_BYTES = 4096;
    /** The second one has a table of two pages of leaves, and so an inner node that can be out of date. */
    static final int[] BLOCKS = {5, 150};

    private static final int EPOCHS = 3;
    private static final int GOES_ON_ONE_IN = 6;

    /** The source wants these contents sealed, as numbers by block; from now on they may be. */
    record Asked(long epoch, List<Long> first, List<Long> second)
    {
        List<Long> of(final int volume)
        {
            return volume == 0 ? first : second;
        }
    }

    /** The source has heard that it is sealed. */
    record Sealed(long epoch)
    {
    }

    /** Somebody found the replicas at this epoch. */
    private record Seen(long epoch)
    {
    }

    @Override
    public String name()
    {
        return "replica";
    }

    @Override
    public void run(final Media media, final Witness witness, final SplittableRandom random) throws Exception
    {
        final SteppedReplica replica = new SteppedReplica(media, witness, 1);
        for (int epoch = 1; epoch <= EPOCHS; epoch++)
        {
            replica.seal(epoch, random);
        }
        replica.drop();
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws Exception
    {
        final SteppedReplica replica = new SteppedReplica(survived, witness, 1 + witness.facts().size());
        replica.rest();
        final long readBytes = survived.readBytes();
        final long epoch = check(survived, witness, replica.status());
        // the first copy is read again where it was being written; from then on only a sample is
        BrokenPromise.unless(epoch <= 1 || readBytes < (long)(BLOCKS[0] + BLOCKS[1]) * BLOCK_BYTES,
            "after epoch " + epoch + " " + readBytes + " bytes were read to learn what the replicas hold");
        final SplittableRandom random = new SplittableRandom(epoch * 31 + witness.facts().size());
        if (random.nextInt(GOES_ON_ONE_IN) == 0)
        {
            replica.seal(Math.max(epoch, newestAsked(witness)) + 1, random);
            check(survived, witness, replica.status());
        }
        replica.drop();
    }

    private static long newestAsked(final Witness witness)
    {
        return witness.newest(Asked.class, new Asked(0, List.of(), List.of())).epoch();
    }

    /** Whether it shows what it may; returns the epoch. */
    private static long check(final Media media, final Witness witness, final List<ReplicaStatus> replicas)
        throws BrokenPromise
    {
        final long sealed = witness.newest(Sealed.class, new Sealed(0)).epoch();
        final long seen = witness.newest(Seen.class, new Seen(0)).epoch();
        final long epoch = replicas.get(0).sealedEpoch();
        for (final ReplicaStatus status : replicas)
        {
            BrokenPromise.unless(status.sealedEpoch() == epoch && status.appliedEpoch() == epoch,
                "the group is at different epochs: " + replicas);
            BrokenPromise.unless(status.state().equals(epoch > 0 ? "sealed" : "seeding") ||
                epoch == 0 && status.state().equals("new"), "recovery left " + status);
            BrokenPromise.unless(epoch == 0 || status.reason().isEmpty(), "recovery left " + status);
        }
        BrokenPromise.unless(epoch >= Math.max(sealed, seen), "epoch " + sealed + " was acknowledged and " + seen +
            " was seen, found " + epoch);
        if (epoch > 0)
        {
            final Asked asked = witness.facts(Asked.class).stream().filter(each -> each.epoch() == epoch)
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new BrokenPromise("epoch " + epoch + " was never asked for"));
            compare(media, asked, 0);
            compare(media, asked, 1);
            witness.note(new Seen(epoch));
        }
        return epoch;
    }

    private static void compare(final Media media, final Asked asked, final int volume) throws BrokenPromise
    {
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        for (int i = 0; i < BLOCKS[volume]; i++)
        {
            new MediaStorage(media).openReplica(device(volume), (long)BLOCKS[volume] * BLOCK_BYTES)
                .read((long)i * BLOCK_BYTES, block, 0, BLOCK_BYTES);
            final byte[] expected = content(asked.of(volume).get(i));
            BrokenPromise.unless(block.equals(ByteBuffer.wrap(expected)), "volume " + volume + " block " + i +
                " is not that of epoch " + asked.epoch());
        }
    }

    static Path device(final int volume)
    {
        return Path.of("/sim/replica" + volume);
    }

    /** What a block holds, by its number; 0 is zeros. */
    static byte[] content(final long number)
    {
        final byte[] content = new byte[BLOCK_BYTES];
        if (number != 0)
        {
            // does not compress, so that a frame is as large as its block
            final SplittableRandom random = new SplittableRandom(number);
            final ByteBuffer view = ByteBuffer.wrap(content);
            while (view.hasRemaining())
            {
                view.putLong(random.nextLong());
            }
        }
        return content;
    }
}
