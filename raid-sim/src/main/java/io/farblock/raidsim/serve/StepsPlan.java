package io.farblock.raidsim.serve;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.ForwardingBlockDevice;
import java.nio.ByteBuffer;

/**
 * The array as clients see it: before each request the fault plans get a chance, so that a fault that counts requests
 * comes in time. Stays open: its owner closes the array. As thread safe as the array.
 */
final class StepsPlan extends ForwardingBlockDevice
{
    private final FaultPlans plans;

    StepsPlan(final BlockDevice array, final FaultPlans plans)
    {
        super(array);
        this.plans = plans;
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        plans.step();
        return device.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        plans.step();
        return device.write(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        plans.step();
        return device.zero(offsetBytes, lengthBytes);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        plans.step();
        return device.discard(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        plans.step();
        return device.flush();
    }

    @Override
    public void close()
    {
        // the array is its owner's
    }
}
