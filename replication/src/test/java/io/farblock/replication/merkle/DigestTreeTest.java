package io.farblock.replication.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.MemoryBlockDevice;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A digest tree against {@link NaiveTree}, over a device in memory. */
final class DigestTreeTest
{
    /** Three levels, and more pages than the cache holds. */
    private static final int LARGE = 128 * 300 + 17;

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 7", "3, 128", "4, 129", "5, 3000", "6, 16384", "7, 16385", "8, 38417", "9, 38417"})
    void shouldSayWhatANaiveTreeSays(final long seed, final int blocks)
    {
        final Walk walk = new Walk(seed, blocks);

        for (int i = 0; i < 1500; i++)
        {
            walk.step(i);
        }
        walk.checkAll();
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 5000", "3, 38417"})
    void shouldRebuildInnerPagesFromLeavesWhateverTheyHold(final long seed, final int blocks)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final TreeShape shape = new TreeShape(blocks);
        final BlockDevice device = new MemoryBlockDevice("table", shape.totalBytes());
        final NaiveTree expected = new NaiveTree(blocks);
        final DigestTree before = new DigestTree(device, shape);
        for (int i = 0; i < 200; i++)
        {
            final int block = random.nextInt(blocks);
            before.set(block, digest(random));
            before.get(block, expected.get(block));
        }
        before.sync();
        garbleInnerPages(device, shape, random);

        final DigestTree after = new DigestTree(device, shape);
        final byte[] root = after.rebuild();

        assertThat(root).isEqualTo(expected.root());
        after.sync();
        assertThat(new DigestTree(device, shape).root()).isEqualTo(expected.root());
    }

    @Test
    void shouldRebuildAnEmptyTreeOverGarbledInnerPages()
    {
        final TreeShape shape = new TreeShape(LARGE);
        final BlockDevice device = new MemoryBlockDevice("table", shape.totalBytes());
        garbleInnerPages(device, shape, new SplittableRandom(1));

        final byte[] root = new DigestTree(device, shape).rebuild();

        assertThat(root).containsOnly(0);
    }

    @Test
    void shouldHaveAZeroRootAgainOnceEverythingIsZero()
    {
        final DigestTree tree = tree(LARGE);
        for (int block = 0; block < LARGE; block += 777)
        {
            tree.set(block, digest(new SplittableRandom(block)));
        }
        assertThat(tree.root()).isNotEqualTo(new byte[32]);

        tree.zero(0, LARGE);

        assertThat(tree.root()).containsOnly(0);
        assertThat(tree.nextNonZero(0)).isEqualTo(LARGE);
    }

    @Test
    void shouldZeroNoFurtherThanTheLastBlock()
    {
        final DigestTree tree = tree(130);
        tree.set(129, digest(new SplittableRandom(1)));

        tree.zero(100, 1000);

        assertThat(tree.root()).containsOnly(0);
    }

    @Test
    void shouldShowTheTreeBelowThroughAnEmptyOneOverItEvenBeforeThatHasItsRoot()
    {
        final DigestTree below = tree(16385);
        final DigestTree over = below.over(scratch(below.shape()));
        final NaiveTree expected = new NaiveTree(16385);
        final byte[] digest = digest(new SplittableRandom(1));
        below.set(5, digest);
        expected.set(5, digest);

        final byte[] empty = over.root();

        assertThat(empty).isEqualTo(expected.root());
        below.set(16384, digest);
        expected.set(16384, digest);
        over.set(300, digest);
        expected.set(300, digest);
        assertThat(over.root()).isEqualTo(expected.root());
        over.commit();
        assertThat(below.root()).isEqualTo(expected.root());
    }

    @Test
    void shouldReplaceAndCopyWholePages()
    {
        final DigestTree one = tree(16385);
        final DigestTree other = tree(16385);
        one.set(200, digest(new SplittableRandom(1)));
        one.root();
        final ByteBuffer page = AlignedBuffers.allocate(3 * 4096);

        one.copyPage(0, 1, page, 4096);
        other.replaceLeaves(1, page, 4096);

        assertThat(other.root()).isEqualTo(one.root());
    }

    static byte[] digest(final SplittableRandom random)
    {
        final byte[] digest = new byte[32];
        random.nextBytes(digest);
        return digest;
    }

    static DigestTree tree(final int blocks)
    {
        final TreeShape shape = new TreeShape(blocks);
        return new DigestTree(new CheckedBlockDevice(new MemoryBlockDevice("table", shape.totalBytes())), shape);
    }

    /** A device for a tree over another, full of what must never be read. */
    static BlockDevice scratch(final TreeShape shape)
    {
        final BlockDevice device = new MemoryBlockDevice("scratch", shape.totalBytes());
        garble(device, 0, shape.totalPages(), new SplittableRandom(99));
        return device;
    }

    private static void garbleInnerPages(
        final BlockDevice device, final TreeShape shape, final SplittableRandom random)
    {
        if (shape.levels() > 1)
        {
            garble(device, shape.page(1, 0), shape.totalPages(), random);
        }
    }

    private static void garble(
        final BlockDevice device, final long from, final long to, final SplittableRandom random)
    {
        final ByteBuffer garbage = AlignedBuffers.allocate(4096);
        for (long page = from; page < to; page++)
        {
            final byte[] bytes = new byte[4096];
            random.nextBytes(bytes);
            device.write(page * 4096, garbage.put(0, bytes), 0, 4096);
        }
    }

    /** Random operations on a tree, on one over it, and on the models of both. */
    private static final class Walk
    {
        private final SplittableRandom random;
        private final String seed;
        private final TreeShape shape;
        private final BlockDevice device;
        private final BlockDevice scratch;
        private DigestTree tree;
        private DigestTree over;
        private final NaiveTree model;
        private NaiveTree overModel;
        private boolean overIsEmpty = true;

        Walk(final long seed, final int blocks)
        {
            this.seed = "seed " + seed + ", " + blocks + " blocks, step ";
            this.random = new SplittableRandom(seed);
            this.shape = new TreeShape(blocks);
            this.device = new MemoryBlockDevice("table", shape.totalBytes());
            this.scratch = scratch(shape);
            this.model = new NaiveTree(blocks);
            this.overModel = model.copy();
            open();
        }

        void step(final int number)
        {
            final String at = seed + number;
            switch (random.nextInt(12))
            {
                case 0, 1, 2, 3 -> set();
                case 4 -> zero();
                case 5, 6 -> get(at);
                case 7 -> next(at);
                case 8 -> roots(at, random.nextInt(20) == 0);
                case 9 -> end(at);
                case 10 -> reopen(at);
                default -> setRun();
            }
        }

        void checkAll()
        {
            roots(seed + "end", true);
            final byte[] found = new byte[32];
            for (int block = 0; block < model.blocks(); block++)
            {
                over.get(block, found);
                assertThat(found).as("%s end, block %d", seed, block).isEqualTo(overModel.get(block));
                assertThat(tree.has(block, model.get(block))).as("%s end, block %d below", seed, block).isTrue();
            }
        }

        private void set()
        {
            set(random.nextInt(model.blocks()), random.nextInt(5) == 0 ? new byte[32] : digest(random));
        }

        private void setRun()
        {
            final int first = random.nextInt(model.blocks());
            for (int block = first; block < Math.min(first + 200, model.blocks()); block++)
            {
                set(block, digest(random));
            }
        }

        private void set(final int block, final byte[] digest)
        {
            // A tree is not changed while one over it holds something.
            if (overIsEmpty && random.nextInt(100) > 0)
            {
                tree.set(block, digest);
                model.set(block, digest);
                overModel.set(block, digest);
                return;
            }
            over.set(block, digest);
            overModel.set(block, digest);
            overIsEmpty = false;
        }

        private void zero()
        {
            final int first = random.nextInt(model.blocks());
            final int count = 1 + random.nextInt(Math.min(3000, model.blocks() - first));
            if (overIsEmpty)
            {
                tree.zero(first, count);
                model.zero(first, count);
            }
            else
            {
                over.zero(first, count);
            }
            overModel.zero(first, count);
        }

        private void get(final String at)
        {
            final int block = random.nextInt(model.blocks());
            final byte[] found = new byte[32];

            tree.get(block, found);
            assertThat(found).as(at).isEqualTo(model.get(block));
            over.get(block, found);
            assertThat(found).as(at + " over").isEqualTo(overModel.get(block));
        }

        private void next(final String at)
        {
            final int from = random.nextInt(model.blocks() + 1);

            assertThat(tree.nextNonZero(from)).as(at).isEqualTo(model.nextNonZero(from));
            assertThat(over.nextNonZero(from)).as(at + " over").isEqualTo(overModel.nextNonZero(from));
        }

        private void roots(final String at, final boolean check)
        {
            final byte[] overRoot = over.root();
            final byte[] root = tree.root();
            if (check || model.blocks() < 5000)
            {
                assertThat(overRoot).as(at + " over").isEqualTo(overModel.root());
                assertThat(root).as(at).isEqualTo(model.root());
            }
        }

        private void end(final String at)
        {
            if (random.nextBoolean())
            {
                over.commit();
                for (int block = 0; block < model.blocks(); block++)
                {
                    model.set(block, overModel.get(block));
                }
            }
            else
            {
                over.reset();
                overModel = model.copy();
            }
            overIsEmpty = true;
            get(at);
        }

        private void reopen(final String at)
        {
            if (random.nextInt(4) == 0)
            {
                tree.sync();
                open();
                overModel = model.copy();
                overIsEmpty = true;
                get(at + " reopened");
                roots(at + " reopened", random.nextInt(3) == 0);
            }
        }

        private void open()
        {
            tree = new DigestTree(device, shape);
            over = tree.over(scratch);
        }
    }
}
