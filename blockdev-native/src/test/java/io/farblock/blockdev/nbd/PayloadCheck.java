package io.farblock.blockdev.nbd;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that leaves payload memory taken when its servers and clients are closed. */
final class PayloadCheck implements AfterAllCallback
{
    private static final long PATIENCE_NS = SECONDS.toNanos(5);

    @Override
    public void afterAll(final ExtensionContext context)
    {
        final PoolArenaMetric pool = ((PooledByteBufAllocator)Transport.PAYLOADS).metric().directArenas().get(0);
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        // threads that end give back what they kept for themselves
        while (pool.numActiveAllocations() != 0)
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError(pool.numActiveAllocations() + " payload buffers were not given back");
            }
            Thread.onSpinWait();
        }
    }
}
