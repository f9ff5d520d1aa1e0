package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.ForwardingBlockDevice;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.RaidLevel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The first write to an array that is clean has the members say so before it goes on; a second one that comes while
 * they are told must wait too: else a power cut would leave it torn in an array that says it is clean.
 */
class FirstWriteTest
{
    private static final int CHUNK = 4096;
    private static final int SUPERBLOCK_BYTE = 4096;

    private final AtomicInteger early = new AtomicInteger();
    private RaidArray array;
    private Thread second;
    private volatile boolean armed;
    private volatile boolean telling;

    @Test
    void shouldHoldASecondWriteUntilTheMembersAreTold() throws Exception
    {
        array = Assembly.create(ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK), "first", ArrayLab.ID, 3,
            List.of(new Watched("a"), new Watched("b"), new Watched("c")), ArrayLab.options());
        armed = true;

        write(0);
        second.join(TimeUnit.SECONDS.toMillis(30));

        assertThat(second.isAlive()).isFalse();
        assertThat(early).as("strips written before the members were told").hasValue(0);
        array.close();
    }

    private void write(final long offset)
    {
        assertThat(array.write(offset, AlignedBuffers.allocate(CHUNK), 0, CHUNK)).isEqualTo(CHUNK);
    }

    /** Another writes while the first superblock is on its way; goes on when that one waits or has ended. */
    private void tell()
    {
        armed = false;
        telling = true;
        second = new Thread(() -> write(4 * CHUNK), "second");
        second.start();
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (second.isAlive() && second.getState() != Thread.State.BLOCKED && System.nanoTime() < deadline)
        {
            Thread.onSpinWait();
        }
        telling = false;
    }

    /** Counts strips that arrive too early. */
    private final class Watched extends ForwardingBlockDevice
    {
        Watched(final String name)
        {
            super(new MemoryBlockDevice(name, ArrayLab.HEAD_BYTES + 16 * CHUNK));
        }

        @Override
        public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
        {
            if (armed && offsetBytes == SUPERBLOCK_BYTE)
            {
                tell();
            }
            if (telling && offsetBytes >= ArrayLab.HEAD_BYTES)
            {
                early.incrementAndGet();
            }
            return super.write(offsetBytes, buffer, index, lengthBytes);
        }
    }
}
