package io.farblock.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.daemon.faults.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a line of a proxy does to what goes over it; without namespaces. It is never too early. That it is not late is
 * asked of the best of many tries: what a busy machine adds, it does not add every time.
 */
@Timeout(120)
class PathProxyTest
{
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int SHORT_MS = 100;
    private static final int PATIENCE_S = 60;

    private ServerSocket server;
    private PathProxy proxy;
    private Socket near;
    private Socket far;

    @BeforeEach
    void connect() throws IOException
    {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        proxy = new PathProxy(BUFFER_BYTES, List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of((InetSocketAddress)server.getLocalSocketAddress()));
        near = open();
        far = server.accept();
    }

    @AfterEach
    void close() throws IOException
    {
        near.close();
        far.close();
        proxy.close();
        server.close();
    }

    @Test
    void shouldDelayEachWay()
    {
        proxy.delay(0, TimeUnit.MILLISECONDS.toNanos(20));

        takesBetween(40, 250, () ->
        {
            final long beginNs = System.nanoTime();
            near.getOutputStream().write(1);
            assertThat(far.getInputStream().read()).isEqualTo(1);
            far.getOutputStream().write(2);
            assertThat(near.getInputStream().read()).isEqualTo(2);
            return beginNs;
        });
    }

    @Test
    void shouldNotBeTheBottleneckOfALongLine()
    {
        proxy.delay(0, TimeUnit.MILLISECONDS.toNanos(40));
        final byte[] sent = random(32 << 20);
        final int[] tries = {0};

        takesBetween(40, sent.length * 8L / 200_000, () ->
        {
            final long beginNs = System.nanoTime();
            final byte[] received = carry(sent);
            System.out.println("proxy delay=40ms each way rate=" +
                Math.round(sent.length * 8e-3 / elapsedMs(beginNs)) + " Mbit/s");
            assertThat(received).isEqualTo(sent);
            assertThat(proxy.carriedBytes(0)).isEqualTo((long)sent.length * ++tries[0]);
            return beginNs;
        });
    }

    @Test
    void shouldKeepToARate()
    {
        proxy.rate(0, 8 << 20);

        takesBetween(240, 1_200, () ->
        {
            final long beginNs = System.nanoTime();
            carry(random(2 << 20));
            return beginNs;
        });
    }

    @Test
    void shouldHoldBackForATime()
    {
        takesBetween(SHORT_MS, 5 * SHORT_MS, () ->
        {
            final long beginNs = proxy.hold(0, TimeUnit.MILLISECONDS.toNanos(SHORT_MS));
            near.getOutputStream().write(1);
            assertThat(far.getInputStream().read()).isEqualTo(1);
            return beginNs;
        });
    }

    @Test
    void shouldBeSilentAndGoOnWhereItWas() throws IOException
    {
        proxy.silence(0);
        near.getOutputStream().write(1);
        try (Socket another = open())
        {
            another.getOutputStream().write(2);
            far.setSoTimeout(SHORT_MS);
            assertThatThrownBy(() -> far.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            far.setSoTimeout(0);
            proxy.mend(0);
            assertThat(far.getInputStream().read()).isEqualTo(1);
            try (Socket accepted = server.accept())
            {
                assertThat(accepted.getInputStream().read()).isEqualTo(2);
            }
        }
    }

    @Test
    void shouldEndBothSidesProperlyAndRefuse() throws IOException
    {
        near.getOutputStream().write(new byte[1000]);
        proxy.end(0);

        assertThat(near.getInputStream().read()).isEqualTo(-1);
        far.getInputStream().readAllBytes();
        assertThatThrownBy(this::open).hasMessageContaining("refused");
    }

    @Test
    void shouldResetBothSidesAndRefuseUntilMended() throws IOException
    {
        proxy.reset(0);

        assertThatThrownBy(() -> near.getInputStream().read()).hasMessageContaining("reset");
        assertThatThrownBy(() -> far.getInputStream().read()).hasMessageContaining("reset");
        assertThatThrownBy(this::open).hasMessageContaining("refused");
        proxy.mend(0);
        try (Socket again = open(); Socket accepted = server.accept())
        {
            again.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void shouldFlipOneBit() throws Exception
    {
        proxy.damage(0, 7);
        final byte[] sent = random(1 << 20);

        final byte[] received = carry(sent);

        final int at = Arrays.mismatch(sent, received);
        assertThat(at).isBetween(0, 64 << 10);
        received[at] ^= 0x10;
        assertThat(received).isEqualTo(sent);
    }

    @Test
    void shouldPassAnEndOn() throws IOException
    {
        near.getOutputStream().write(1);
        near.shutdownOutput();

        assertThat(far.getInputStream().readAllBytes()).containsExactly(1);
        far.getOutputStream().write(2);
        far.close();
        assertThat(near.getInputStream().readAllBytes()).containsExactly(2);
    }

    /** Each try takes so long at the least, and some try no longer than that. */
    private static void takesBetween(final long leastMs, final long mostMs, final Callable<Long> begin)
    {
        Deadline.await("a try of no more than " + mostMs + " ms", PATIENCE_S, () ->
        {
            final long tookMs = elapsedMs(begin.call());
            assertThat(tookMs).as("ms").isGreaterThanOrEqualTo(leastMs);
            return tookMs <= mostMs;
        });
    }

    private byte[] carry(final byte[] sent) throws Exception
    {
        final CompletableFuture<Void> sending = CompletableFuture.runAsync(() ->
        {
            try
            {
                final OutputStream out = near.getOutputStream();
                out.write(sent);
            }
            catch (final IOException ex)
            {
                throw new IllegalStateException(ex);
            }
        });
        final InputStream in = far.getInputStream();
        final byte[] received = in.readNBytes(sent.length);
        sending.get(PATIENCE_S, TimeUnit.SECONDS);
        return received;
    }

    private Socket open() throws IOException
    {
        return new Socket(proxy.address(0).getAddress(), proxy.address(0).getPort());
    }

    private static byte[] random(final int length)
    {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static long elapsedMs(final long beginNs)
    {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs);
    }
}
