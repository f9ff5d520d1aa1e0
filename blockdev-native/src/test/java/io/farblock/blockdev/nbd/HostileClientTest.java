package io.farblock.blockdev.nbd;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that send what none should, or do not take what they asked for: they lose their connection, nobody else. */
@Timeout(30)
class HostileClientTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    private static final int SIZE = 1 << 20;
    private static final int REQUESTS = 4;

    private final ProbedDevice device = new ProbedDevice(SIZE);
    private Served served;

    @BeforeEach
    void serve() throws IOException
    {
        served = Served.unix((config) -> config.requestsPerConnection(REQUESTS).workers(REQUESTS + 1)
            .exports(new NbdExport("disk", device, false, "")));
    }

    @AfterEach
    void close() throws IOException
    {
        device.gate.countDown();
        served.close();
    }

    @Test
    void shouldCloseOnAnythingThatIsNoRequest() throws Exception
    {
        try (RawClient client = RawClient.simple(served.address(), "disk"))
        {
            client.send(new byte[Protocol.REQUEST_BYTES]);
            client.readToTheEnd();

            assertThat(served.ending()).isEqualTo("a request that does not begin with its magic number");
        }
        assertOthersAreServed();
    }

    @Test
    void shouldCloseOnAWriteTooLongWithoutWaitingForIt() throws Exception
    {
        try (RawClient client = RawClient.simple(served.address(), "disk"))
        {
            client.request(0, Protocol.CMD_WRITE, 1, 0, 0xffff_fe00L);
            client.readToTheEnd();

            assertThat(served.ending()).isEqualTo("a write of 4294966784 bytes, expected at most 33554432");
        }
        assertOthersAreServed();
    }

    @Test
    void shouldForgetAWriteThatWasCutShort() throws Exception
    {
        try (RawClient client = RawClient.simple(served.address(), "disk"))
        {
            client.request(0, Protocol.CMD_WRITE, 1, 0, 4096);
            client.send(pattern(1, 4095));
        }

        assertThat(served.ending()).isEqualTo("closed by the client");
        assertThat(device.writes).hasValue(0);
        assertOthersAreServed();
    }

    @Test
    void shouldOutliveRandomBytesAnywhere() throws Exception
    {
        final long seed = Long.getLong("nbd.seed", System.nanoTime());
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++)
        {
            try (RawClient client = i % 2 == 0 ? new RawClient(served.address()) :
                RawClient.structured(served.address(), "disk"))
            {
                final byte[] bytes = new byte[random.nextInt(1, 300)];
                random.nextBytes(bytes);
                if (i % 4 == 1)
                {
                    // real enough to be looked at: a whole request with random fields
                    final byte[] request = RawClient.requestBytes(random.nextInt(64), random.nextInt(10),
                        random.nextLong(), random.nextLong() >>> random.nextInt(64), random.nextInt());
                    System.arraycopy(request, 0, bytes, 0, Math.min(bytes.length, request.length));
                }
                client.send(bytes);
            }
            assertThat(served.ending()).as("-Dnbd.seed=%d, step %d", seed, i).isNotNull();
        }

        assertOthersAreServed();
        assertThat(served.failures()).as("-Dnbd.seed=%d", seed).isEmpty();
    }

    @Test
    void shouldHoldUpOnlyAClientThatDoesNotTakeItsReplies() throws Exception
    {
        try (RawClient greedy = RawClient.simple(served.address(), "disk"))
        {
            for (int i = 0; i < 50; i++)
            {
                greedy.request(0, Protocol.CMD_READ, i, 0, SIZE);
            }

            // what the socket takes may let a request or two through
            assertOthersAreServed();
            assertThat(device.reads.get()).isLessThan(50 / 2);
            for (int i = 0; i < 50; i++)
            {
                assertThat(greedy.readReply(SIZE).data()).hasSize(SIZE);
            }
        }
    }

    @Test
    void shouldTakeNoMoreRequestsThanAgreed() throws Exception
    {
        device.gate = new CountDownLatch(1);
        try (RawClient greedy = RawClient.simple(served.address(), "disk");
            RawClient modest = RawClient.simple(served.address(), "disk"))
        {
            for (int i = 0; i < 20; i++)
            {
                greedy.request(0, Protocol.CMD_READ, i, 0, 512);
            }
            poll(() -> device.inside.get() == REQUESTS);
            // one more worker is free, and this comes after all that the greedy one sent
            modest.request(0, Protocol.CMD_FLUSH, 1, 0, 0);
            poll(() -> device.flushes.get() == 1);
            final int inside = device.inside.get();
            device.gate.countDown();

            assertThat(inside).isEqualTo(REQUESTS + 1);
            assertThat(modest.readReply(0).error()).isZero();
            for (int i = 0; i < 20; i++)
            {
                assertThat(greedy.readReply(512).error()).isZero();
            }
        }
    }

    private void assertOthersAreServed() throws IOException
    {
        try (RawClient client = RawClient.simple(served.address(), "disk"))
        {
            assertThat(client.errorOf(0, Protocol.CMD_FLUSH, 0, 0)).isZero();
        }
    }

    private static void poll(final BooleanSupplier condition)
    {
        // bounded by the class's time limit
        while (!condition.getAsBoolean())
        {
            Thread.onSpinWait();
        }
    }
}
