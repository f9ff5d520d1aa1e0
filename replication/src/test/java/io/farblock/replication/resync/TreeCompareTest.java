package io.farblock.replication.resync;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.merkle.TreeShape;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TreeCompareTest
{
    private final ByteBuffer memory = AlignedBuffers.allocate(TreeCompare.PAGES_PER_QUESTION * 4096 + 100);
    private final UnsafeBuffer answer = new UnsafeBuffer(memory);

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1", "2, 100, 5", "3, 128, 128", "4, 129, 1", "5, 129, 60", "6, 5000, 1", "7, 5000, 40",
        "8, 16384, 300", "9, 16385, 1", "10, 16385, 2000", "11, 50000, 3", "12, 50000, 1000", "13, 50000, 20000"
    })
    void shouldMakeTheTreesAlikeAndAskOnlyWhereTheyDiffer(final long seed, final int blocks, final int changes)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final DigestTree ours = tree(blocks);
        final DigestTree theirs = tree(blocks);
        fill(random, blocks, ours, theirs);
        final Set<Integer> differing = new HashSet<>();
        for (int i = 0; i < changes; i++)
        {
            final int block = random.nextInt(blocks);
            change(random, random.nextBoolean() ? ours : theirs, block);
            differing.add(block);
        }
        theirs.root();

        final TreeCompare compare = new TreeCompare(ours, block -> { });
        final int asked = run(compare, theirs);

        assertThat(ours.root()).as("seed %d", seed).isEqualTo(theirs.root());
        assertThat(compare.differingBlocks()).as("seed %d", seed).isLessThanOrEqualTo(differing.size());
        assertThat(asked).as("seed %d: pages asked", seed).isLessThanOrEqualTo(pagesAbove(differing, ours.shape()));
    }

    @Test
    void shouldAskForTheTopOnlyWhenTheTreesAreAlike()
    {
        final DigestTree ours = tree(50_000);
        final DigestTree theirs = tree(50_000);
        fill(new SplittableRandom(1), 50_000, ours, theirs);
        theirs.root();

        final int asked = run(new TreeCompare(ours, block -> { }), theirs);

        assertThat(asked).isEqualTo(1);
    }

    @Test
    void shouldTakeAWholeTreeIntoAnEmptyOneAndBack()
    {
        final DigestTree empty = tree(20_000);
        final DigestTree full = tree(20_000);
        fill(new SplittableRandom(1), 20_000, full, tree(20_000));
        final byte[] fullRoot = full.root();
        run(new TreeCompare(empty, block -> { }), full);
        assertThat(empty.root()).isEqualTo(fullRoot);

        run(new TreeCompare(full, block -> { }), tree(20_000));

        assertThat(full.root()).containsOnly(0);
    }

    @Test
    void shouldRefuseAnAnswerOfAnotherLengthAndChangeNothing()
    {
        final DigestTree ours = tree(50_000);
        final byte[] before = ours.root();
        final TreeCompare compare = new TreeCompare(ours, block -> { });
        compare.nextQuestion();

        for (final int length : new int[]{-1, 0, 1, 4095, 4097, 8192, Integer.MAX_VALUE, Integer.MIN_VALUE})
        {
            assertThat(compare.answer(answer, 0, length)).as("length %d", length).isFalse();
        }

        assertThat(ours.root()).isEqualTo(before);
        assertThat(compare.level()).isEqualTo(2);
        assertThat(compare.pageCount()).isEqualTo(1);
    }

    @Test
    void shouldEndWithARootOfItsOwnWhenTheAnswersLie()
    {
        final DigestTree ours = tree(50_000);
        final DigestTree theirs = tree(50_000);
        final SplittableRandom random = new SplittableRandom(7);
        fill(random, 50_000, theirs, tree(50_000));
        theirs.root();
        final TreeCompare compare = new TreeCompare(ours, block -> { });
        int questions = 0;

        while (compare.nextQuestion())
        {
            questions++;
            copy(compare, theirs);
            memory.put(random.nextInt(compare.pageCount() * 4096), (byte)random.nextInt(256));
            assertThat(compare.answer(answer, 0, compare.pageCount() * 4096)).isTrue();
        }

        assertThat(questions).isLessThan(1000);
        assertThat(ours.root()).isNotEqualTo(theirs.root());
    }

    private int run(final TreeCompare compare, final DigestTree theirs)
    {
        int asked = 0;
        while (compare.nextQuestion())
        {
            assertThat(compare.pageCount()).isBetween(1, TreeCompare.PAGES_PER_QUESTION);
            copy(compare, theirs);
            asked += compare.pageCount();
            assertThat(compare.answer(answer, 0, compare.pageCount() * 4096)).isTrue();
        }
        return asked;
    }

    private void copy(final TreeCompare compare, final DigestTree theirs)
    {
        for (int i = 0; i < compare.pageCount(); i++)
        {
            theirs.copyPage(compare.level(), compare.firstPage() + i, memory, i * 4096);
        }
    }

    /** The nodes above the blocks, the top included: no other page can hold a difference. */
    private static int pagesAbove(final Set<Integer> blocks, final TreeShape shape)
    {
        final Set<Long> pages = new HashSet<>(Set.of(shape.page(shape.levels() - 1, 0)));
        for (final int block : blocks)
        {
            long index = block;
            for (int level = 0; level < shape.levels(); level++)
            {
                index /= TreeShape.FANOUT;
                pages.add(shape.page(level, index));
            }
        }
        return pages.size();
    }

    private static void fill(
        final SplittableRandom random, final int blocks, final DigestTree one, final DigestTree other)
    {
        for (int i = 0; i < 500; i++)
        {
            final int block = random.nextInt(blocks);
            final byte[] digest = new byte[32];
            random.nextBytes(digest);
            one.set(block, digest);
            other.set(block, digest);
        }
    }

    private static void change(final SplittableRandom random, final DigestTree tree, final int block)
    {
        final byte[] digest = new byte[32];
        if (random.nextInt(4) > 0)
        {
            random.nextBytes(digest);
        }
        tree.set(block, digest);
    }

    private static DigestTree tree(final int blocks)
    {
        final TreeShape shape = new TreeShape(blocks);
        return new DigestTree(new MemoryBlockDevice("table", shape.totalBytes()), shape);
    }
}
