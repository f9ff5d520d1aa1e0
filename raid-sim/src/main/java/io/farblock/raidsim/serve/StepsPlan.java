package io.farblock.raidsim.serve;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Geometry;
import java.nio.ByteBuffer;

/**
 * The array as clients see it: before each request the fault plans get a chance, so that a fault that counts requests
 * comes in time. Stays open: its owner closes the array. As thread safe as the array.
 */
final class StepsPlan implements BlockDevice
{
    private final BlockDevice array;
    private final FaultPlans plans;

    StepsPlan(final BlockDevice array, final FaultPlans plans)
    {
        this.array = array;
        this.plans = plans;
    }

    @Override
    public Geometry geometry()
    {
        return array.geometry();
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        plans.step();
        return array.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        plans.step();
        return array.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        plans.step();
        return array.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        plans.step();
        return array.discard(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        plans.step();
        return array.flush();
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return array.nextData(offsetBytes);
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return array.nextHole(offsetBytes);
    }

    @Override
    public String name()
    {
        return array.name();
    }

    @Override
    public void close()
    {
        // the array is its owner's
    }
}
