package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One disk, several threads: requests are decided one at a time, and wait side by side. */
@Timeout(60)
class ManyThreadsTest
{
    private static final int SECTOR = 512;
    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void endThreads() throws InterruptedException
    {
        threads.shutdownNow();
        threads.awaitTermination(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldLetRequestsWaitSideBySide() throws Exception
    {
        final CountDownLatch allWait = new CountDownLatch(THREADS);
        final SimTime time = new SimTime()
        {
            @Override
            public long nowNs()
            {
                return 0;
            }

            @Override
            public void until(final long deadlineNs)
            {
                allWait.countDown();
                await(allWait);
            }
        };
        final SimDisk disk = new SimDisk(new MemoryBlockDevice("memory", 1 << 20),
            DiskSetup.plain().withTime(time).withModel(DiskProfile.NVME.model()));
        final List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < THREADS; i++)
        {
            results.add(threads.submit(() -> new DeviceBytes(disk).tryRead(0, SECTOR)));
        }

        for (final Future<Integer> result : results)
        {
            assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(SECTOR);
        }
        assertThat(disk.operations()).isEqualTo(THREADS);
    }

    @Test
    void shouldKeepDisjointWritesApartWhileFaultsComeAndGo() throws Exception
    {
        final SimDisk disk = new SimDisk(new MemoryBlockDevice("memory", 1 << 20),
            DiskSetup.plain().withModel(DiskProfile.HDD.model()).withCacheBytes(64 * SECTOR));
        final AtomicInteger lost = new AtomicInteger();
        final List<Future<?>> results = new ArrayList<>();
        for (int i = 1; i < THREADS; i++)
        {
            final int from = i * 64 * SECTOR;
            results.add(threads.submit(() -> writeAndRead(disk, from)));
        }
        results.add(threads.submit(() ->
        {
            for (int i = 0; i < 200; i++)
            {
                final DiskFault fault = new DiskFault.LatentSectors(0, SECTOR);
                disk.inject(fault);
                lost.addAndGet(new DeviceBytes(disk).tryRead(0, SECTOR) < 0 ? 1 : 0);
                disk.heal(fault);
            }
        }));

        for (final Future<?> result : results)
        {
            result.get(30, TimeUnit.SECONDS);
        }
        assertThat(lost.get()).isEqualTo(200);
        assertThat(disk.hitCount()).isEqualTo(200);
    }

    private static void writeAndRead(final SimDisk disk, final int from)
    {
        final DeviceBytes bytes = new DeviceBytes(disk);
        for (int i = 0; i < 200; i++)
        {
            bytes.write(from, filled(i, 8 * SECTOR));
            assertThat(bytes.read(from, 8 * SECTOR)).containsOnly(i);
            disk.flush();
        }
    }

    private static void await(final CountDownLatch latch)
    {
        try
        {
            assertThat(latch.await(30, TimeUnit.SECONDS)).as("all requests wait at once").isTrue();
        }
        catch (final InterruptedException ended)
        {
            Thread.currentThread().interrupt();
        }
    }
}
