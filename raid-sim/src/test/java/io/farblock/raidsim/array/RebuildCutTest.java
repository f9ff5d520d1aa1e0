package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.RaidLevel;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The power goes at every single request of a rebuild, of an array at the limit of what it bears and that nobody writes
 * to: it starts again, and once all is filled, what is read from the filled disk is right.
 */
class RebuildCutTest
{
    private static final int CHUNK = 4096;
    private static final int MEMBER_BYTES = 6 * CHUNK;

    private Rail rail;
    private long nowNs;

    @ParameterizedTest
    @CsvSource({"RAID1, 2, -1", "RAID1, 2, 1", "RAID5, 3, -1", "RAID5, 3, 2", "RAID6, 4, 3"})
    void shouldGoOnAfterACutAnywhere(final RaidLevel level, final int slots, final int replaced) throws Exception
    {
        boolean cutIt = true;

        for (int cut = 0; cutIt; cut++)
        {
            final int at = cut;
            cutIt = cutInRebuild(level, slots, replaced, at);
            rail.powerUp();
            RaidArray array = Assembly.open(rail.handles(), ArrayLab.options());
            work(array);
            array.close();
            array = Assembly.open(rail.handles(), ArrayLab.options());
            for (int slot = 0; slot < slots; slot++)
            {
                if (!isMissing(array, slot))
                {
                    check(array, level + " cut before request " + at);
                    array.fail(slot);
                    check(array, level + " cut before request " + at + ", without slot " + slot);
                    break;
                }
            }
        }
    }

    /** Says whether there was a rebuild to cut. */
    private boolean cutInRebuild(final RaidLevel level, final int slots, final int replaced, final int requests)
        throws RaidException
    {
        rail = new Rail(slots + 1, ArrayLab.HEAD_BYTES + MEMBER_BYTES, requests);
        final RaidArray array = Assembly.create(
            ArrayShape.of(level).withChunk(level == RaidLevel.RAID1 ? 0 : CHUNK), "cut", ArrayLab.ID, slots,
            rail.handles(), ArrayLab.options());
        final int size = (int)array.geometry().sizeBytes();
        final ByteBuffer data = AlignedBuffers.allocate(size);
        DeviceBytes.fill(data, (byte)7);
        array.write(0, data, 0, size);
        work(array);
        if (replaced < 0)
        {
            array.fail(slots - 1);
        }
        else
        {
            // the spare goes to the replaced one, and the array stays without another
            array.replace(replaced);
            array.fail(replaced - 1);
        }
        rail.cutAfter(requests);
        work(array);
        return rail.isCut();
    }

    private void work(final RaidArray array)
    {
        for (int i = 0; i < 60; i++)
        {
            nowNs += array.work(nowNs) + 1;
        }
    }

    private static boolean isMissing(final RaidArray array, final int slot)
    {
        return array.describe().missingMembers() > 0 ||
            array.describe().members().stream().noneMatch((member) -> member.slot() == slot);
    }

    private static void check(final RaidArray array, final String when)
    {
        final int size = (int)array.geometry().sizeBytes();
        final ByteBuffer found = AlignedBuffers.allocate(size);
        assertThat(array.read(0, found, 0, size)).as(when).isEqualTo(size);
        assertThat(DeviceBytes.content(found)).as(when).isEqualTo(DeviceBytes.filled(7, size));
    }
}
