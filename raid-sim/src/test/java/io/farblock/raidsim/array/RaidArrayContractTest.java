package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.BlockDeviceContract;
import io.farblock.blockdev.raid.RaidLevel;
import org.junit.jupiter.api.Nested;

/** The contract of a device, on arrays of every level, whole and as far degraded as the level bears. */
class RaidArrayContractTest
{
    private static BlockDevice array(final ArrayShape shape, final int slots, final long sizeBytes, final int... failed)
        throws RaidException
    {
        final int copies = shape.level() == RaidLevel.RAID10 ? 2 : 1;
        final int data = shape.level() == RaidLevel.RAID1 ? 1 : (slots - parities(shape)) / copies;
        final RaidArray array = new ArrayLab(slots, sizeBytes / data).create(shape, slots);
        for (final int slot : failed)
        {
            array.fail(slot);
        }
        return array;
    }

    private static int parities(final ArrayShape shape)
    {
        return shape.level() == RaidLevel.RAID6 ? 2 : shape.level() == RaidLevel.RAID5 ? 1 : 0;
    }

    @Nested
    class Raid0 extends BlockDeviceContract
    {
        @Override
        protected BlockDevice createDevice(final long sizeBytes) throws Exception
        {
            return array(ArrayShape.of(RaidLevel.RAID0).withChunk(16 * 1024), 4, sizeBytes);
        }
    }

    @Nested
    class Raid1 extends BlockDeviceContract
    {
        @Override
        protected BlockDevice createDevice(final long sizeBytes) throws Exception
        {
            return array(ArrayShape.of(RaidLevel.RAID1).withBitmap(64 * 1024), 3, sizeBytes, 0);
        }
    }

    @Nested
    class Raid5 extends BlockDeviceContract
    {
        @Override
        protected BlockDevice createDevice(final long sizeBytes) throws Exception
        {
            return array(ArrayShape.of(RaidLevel.RAID5).withChunk(128 * 1024).withBitmap(64 * 1024), 5, sizeBytes);
        }
    }

    @Nested
    class DegradedRaid5 extends BlockDeviceContract
    {
        @Override
        protected BlockDevice createDevice(final long sizeBytes) throws Exception
        {
            return array(ArrayShape.of(RaidLevel.RAID5).withChunk(4096), 5, sizeBytes, 2);
        }
    }

    @Nested
    class Raid6 extends BlockDeviceContract
    {
        @Override
        protected BlockDevice createDevice(final long sizeBytes) throws Exception
        {
            return array(ArrayShape.of(RaidLevel.RAID6).withChunk(16 * 1024), 10, sizeBytes);
        }
    }

    @Nested
    class DegradedRaid6 extends BlockDeviceContract
    {
        @Override
        protected BlockDevice createDevice(final long sizeBytes) throws Exception
        {
            return array(ArrayShape.of(RaidLevel.RAID6).withChunk(16 * 1024), 6, sizeBytes, 1, 4);
        }
    }

    @Nested
    class Raid10 extends BlockDeviceContract
    {
        @Override
        protected BlockDevice createDevice(final long sizeBytes) throws Exception
        {
            return array(ArrayShape.of(RaidLevel.RAID10).withChunk(16 * 1024), 4, sizeBytes);
        }
    }

    @Nested
    class DegradedFarRaid10 extends BlockDeviceContract
    {
        @Override
        protected BlockDevice createDevice(final long sizeBytes) throws Exception
        {
            return array(ArrayShape.of(RaidLevel.RAID10).withChunk(16 * 1024).withLayout(0x201), 4, sizeBytes, 3);
        }
    }
}
