package io.farblock.replication.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TreeShapeTest
{
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1", "127, 1, 1, 1", "128, 1, 1, 1", "129, 2, 2, 3", "16384, 2, 128, 129", "16385, 3, 129, 132",
        "2097152, 3, 16384, 16513", "2097153, 4, 16385, 16517"
    })
    void shouldHaveTheLevelsThatTheBlocksNeed(
        final long blocks, final int levels, final long leafPages, final long totalPages)
    {
        final TreeShape shape = new TreeShape(blocks);

        assertThat(shape.levels()).isEqualTo(levels);
        assertThat(shape.pages(0)).isEqualTo(leafPages);
        assertThat(shape.pages(levels - 1)).isEqualTo(1);
        assertThat(shape.totalPages()).isEqualTo(totalPages);
        assertThat(shape.totalBytes()).isEqualTo(totalPages * 4096);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 128, 129, 16385, 5_000_000})
    void shouldGiveEveryPageOfEveryLevelAPlaceOfItsOwn(final long blocks)
    {
        final TreeShape shape = new TreeShape(blocks);

        long next = 0;
        for (int level = 0; level < shape.levels(); level++)
        {
            assertThat(shape.page(level, 0)).isEqualTo(next);
            assertThat(shape.page(level, shape.pages(level) - 1)).isEqualTo(next + shape.pages(level) - 1);
            next += shape.pages(level);
        }

        assertThat(next).isEqualTo(shape.totalPages());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void shouldRefuseAVolumeWithoutBlocks(final long blocks)
    {
        assertThatThrownBy(() -> new TreeShape(blocks)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNumberThePagesOfAVeryLargeVolumeWithInts()
    {
        final TreeShape shape = new TreeShape((64L << 40) / 65536);

        assertThat(shape.levels()).isEqualTo(5);
        assertThat(shape.totalPages()).isLessThan(Integer.MAX_VALUE);
    }
}
