package io.farblock.replication.merkle;

import static io.farblock.replication.merkle.DigestTreeTest.digest;
import static io.farblock.replication.merkle.DigestTreeTest.scratch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.powersim.VolatileDevice;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A digest tree on a device that fails or loses power. */
final class DigestTreeFaultTest
{
    private static final int BLOCKS = 128 * 300 + 17;

    private final TreeShape shape = new TreeShape(BLOCKS);
    private final FaultyDisk disk = new FaultyDisk(new MemoryBlockDevice("table", shape.totalBytes()));
    private final DigestTree tree = new DigestTree(disk, shape);
    private final NaiveTree model = new NaiveTree(BLOCKS);

    @Test
    void shouldNameThePageThatCannotBeRead()
    {
        disk.inject(new DiskFault.LatentSectors(3 * 4096, 512));

        assertThatThrownBy(() -> tree.get(3 * 128, new byte[32]))
            .isInstanceOfSatisfying(TreeException.class, ex -> assertThat(ex.errno()).isEqualTo(Errno.EIO))
            .hasMessageContaining("cannot read page 3").hasMessageContaining(disk.name());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldLoseNothingOverDeviceErrorsOnceTheDeviceWorksAgain(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        int failures = 0;
        for (int i = 0; i < 4000; i++)
        {
            final DiskFault fault = faultAt(random);
            final int block = random.nextInt(BLOCKS);
            final byte[] digest = digest(random);
            try
            {
                tree.set(block, digest);
                model.set(block, digest);
                if (i % 50 == 0)
                {
                    tree.root();
                }
                if (i % 100 == 0)
                {
                    tree.sync();
                }
            }
            catch (final TreeException ex)
            {
                failures++;
                disk.heal(fault);
                tree.set(block, digest);
                model.set(block, digest);
            }
            disk.heal(fault);
        }

        tree.sync();

        assertThat(failures).as("seed %d", seed).isPositive();
        assertThat(tree.root()).as("seed %d", seed).isEqualTo(model.root());
        assertThat(new DigestTree(disk, shape).rebuild()).as("seed %d", seed).isEqualTo(model.root());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldCommitAgainAfterACommitThatFailedHalfWay(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final DigestTree over = tree.over(scratch(shape));
        for (int i = 0; i < 2000; i++)
        {
            final int block = random.nextInt(BLOCKS);
            final byte[] digest = digest(random);
            over.set(block, digest);
            model.set(block, digest);
        }
        final DiskFault fault = new DiskFault.UnwritableSectors(random.nextInt(40) * 4096L, 512);
        disk.inject(fault);

        assertThatThrownBy(over::commit).as("seed %d", seed).isInstanceOf(TreeException.class);
        disk.heal(fault);
        over.commit();

        assertThat(tree.root()).as("seed %d", seed).isEqualTo(model.root());
        tree.sync();
        assertThat(new DigestTree(disk, shape).rebuild()).as("seed %d", seed).isEqualTo(model.root());
    }

    @Test
    void shouldNotTakeAPageAsReplacedThatFoundNoPlace()
    {
        final FaultyDisk scratchDisk = new FaultyDisk(scratch(shape));
        final DigestTree over = tree.over(scratchDisk);
        over.set(0, digest(new SplittableRandom(1)));
        final DiskFault fault = new DiskFault.Loss(Errno.ENXIO);
        scratchDisk.inject(fault);
        final ByteBuffer page = AlignedBuffers.allocate(4096);

        // Page 256 wants the place of page 0 in the cache.
        assertThatThrownBy(() -> over.replaceLeaves(256, page, 0)).isInstanceOf(TreeException.class);
        scratchDisk.heal(fault);

        final byte[] found = new byte[32];
        over.get(256 * 128, found);
        assertThat(found).containsOnly(0);
    }

    @Test
    void shouldSayThatASyncFailed()
    {
        tree.set(1, digest(new SplittableRandom(1)));
        disk.inject(new DiskFault.FailingFlush(1));

        assertThatThrownBy(tree::sync).isInstanceOf(TreeException.class).hasMessageContaining("cannot flush");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSurviveAPowerCutOnceSynced(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final VolatileDevice device = new VolatileDevice(new MemoryBlockDevice("table", shape.totalBytes()));
        final DigestTree before = new DigestTree(device, shape);
        for (int i = 0; i < 3000; i++)
        {
            final int block = random.nextInt(BLOCKS / 2);
            final byte[] digest = digest(random);
            before.set(block, digest);
            model.set(block, digest);
        }
        before.sync();
        final DigestTree over = before.over(scratch(shape));
        for (int block = BLOCKS / 2; block < BLOCKS; block += 3)
        {
            over.set(block, digest(random));
        }
        device.cut(seed);
        device.restore();

        final DigestTree after = new DigestTree(device, shape);

        assertThat(after.root()).as("seed %d", seed).isEqualTo(model.root());
        assertThat(after.rebuild()).as("seed %d", seed).isEqualTo(model.root());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldBeWholeAfterARebuildWhenPowerWentInTheMiddleOfACommit(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final VolatileDevice device = new VolatileDevice(new MemoryBlockDevice("table", shape.totalBytes()));
        final DigestTree before = new DigestTree(device, shape);
        final DigestTree over = before.over(scratch(shape));
        for (int i = 0; i < 3000; i++)
        {
            final int block = random.nextInt(BLOCKS);
            final byte[] digest = digest(random);
            over.set(block, digest);
            model.set(block, digest);
        }
        over.commit();
        device.cut(seed);
        device.restore();

        final DigestTree after = new DigestTree(device, shape);
        after.rebuild();
        for (int block = 0; block < BLOCKS; block++)
        {
            after.set(block, model.get(block));
        }

        assertThat(after.root()).as("seed %d", seed).isEqualTo(model.root());
    }

    private DiskFault faultAt(final SplittableRandom random)
    {
        final long offset = random.nextLong(shape.totalPages()) * 4096;
        final DiskFault fault = switch (random.nextInt(4))
        {
            case 0 -> new DiskFault.LatentSectors(offset, 4096);
            case 1 -> new DiskFault.UnwritableSectors(offset, 4096 * 8);
            case 2 -> new DiskFault.Loss(Errno.ENXIO);
            default -> new DiskFault.FailingFlush(1);
        };
        if (random.nextInt(8) == 0)
        {
            disk.inject(fault);
        }
        return fault;
    }
}
