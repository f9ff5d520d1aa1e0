package io.farblock.blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Where aligned buffers begin and end. */
class AlignedBuffersTest
{
    @Test
    void shouldAlignEveryCapacity()
    {
        final int[] capacities = {0, 1, 8, 511, 512, 513, 4095, 4096, 4097, 65536, 65536 + 512};

        for (final int capacity : capacities)
        {
            final ByteBuffer buffer = AlignedBuffers.allocate(capacity);

            assertThat(buffer.capacity()).isEqualTo(capacity);
            assertThat(buffer.alignmentOffset(0, AlignedBuffers.PAGE_BYTES)).isZero();
        }
    }
}
