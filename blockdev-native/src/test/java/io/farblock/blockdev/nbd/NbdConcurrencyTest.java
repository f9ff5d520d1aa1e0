package io.farblock.blockdev.nbd;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.MemoryBlockDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many threads on several connections, each in a part of its own, all against one array of bytes. */
@Timeout(60)
class NbdConcurrencyTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    private static final int CONNECTIONS = 3;
    private static final int THREADS = 9;
    private static final int PART = 1 << 20;
    private static final int STEPS = Integer.getInteger("rounds", 1) * 150;

    @Test
    void shouldEqualAByteArrayWhateverRunsAtOnce() throws Exception
    {
        final long seed = Long.getLong("nbd.seed", System.nanoTime());
        final byte[] model = new byte[THREADS * PART];
        final MemoryBlockDevice device = new MemoryBlockDevice("memory", model.length);
        final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        final List<NbdBlockDevice> clients = new ArrayList<>();
        // few slots, so that callers and requests wait for one another too
        try (Served served = Served.unix((config) -> config.requestsPerConnection(3).workers(3)
            .exports(new NbdExport("disk", device, false, ""))))
        {
            for (int i = 0; i < CONNECTIONS; i++)
            {
                clients.add(served.connect());
            }
            final List<Callable<Void>> writers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++)
            {
                final int part = i;
                writers.add(() -> work(clients, model, part, seed));
            }
            for (final Future<Void> done : threads.invokeAll(writers))
            {
                done.get();
            }

            final byte[] found = new DeviceBytes(clients.get(0)).read(0, model.length);

            assertThat(Arrays.mismatch(found, model)).as("first difference, -Dnbd.seed=%d", seed).isEqualTo(-1);
        }
        finally
        {
            clients.forEach(NbdBlockDevice::close);
            threads.shutdownNow();
        }
    }

    private static Void work(final List<NbdBlockDevice> clients, final byte[] model, final int part, final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed + part);
        for (int step = 0; step < STEPS; step++)
        {
            // each through another connection than before: what one was told is written, all must see
            final NbdBlockDevice client = clients.get(random.nextInt(CONNECTIONS));
            final int from = part * PART + random.nextInt(PART / 512) * 512;
            final int most = Math.min((part + 1) * PART - from, 300 * 1024);
            final int length = (1 + random.nextInt(most / 512)) * 512;
            switch (random.nextInt(5))
            {
                case 0 ->
                {
                    assertThat(client.zero(from, length)).as("zero, -Dnbd.seed=%d", seed).isZero();
                    Arrays.fill(model, from, from + length, (byte)0);
                }
                case 1, 2 ->
                {
                    final byte[] data = pattern(random.nextLong(), length);
                    new DeviceBytes(client).write(from, data);
                    System.arraycopy(data, 0, model, from, length);
                }
                default -> assertThat(Arrays.equals(new DeviceBytes(client).read(from, length), 0, length, model, from,
                    from + length)).as("read of %d at %d, -Dnbd.seed=%d", length, from, seed).isTrue();
            }
        }
        return null;
    }
}
