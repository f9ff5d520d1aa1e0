package io.farblock.replication.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.LeakCheck;
import io.farblock.replication.FreeAddress;
import io.farblock.replication.wire.Frames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Frames over loopback, whatever secures them. */
@Timeout(30)
abstract class NettyNetworkContract
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-paths");

    final BlockingQueue<Recorder> accepted = new LinkedBlockingQueue<>();
    final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
    NettyNetwork network;
    InetSocketAddress address;

    /** Of both sides. */
    abstract PathSecurity security();

    @BeforeEach
    void listen() throws IOException
    {
        address = FreeAddress.find();
        network = new NettyNetwork("fb-paths", security());
        network.listen(address, () ->
        {
            final Recorder recorder = new Recorder();
            accepted.add(recorder);
            return recorder;
        }, (kind, reason) -> refused.add(kind + ": " + reason));
    }

    @AfterEach
    void close()
    {
        network.close();
    }

    @Test
    void shouldCarryFramesBothWaysInOrder() throws Exception
    {
        final Recorder client = connect();
        final Recorder server = accepted.take();
        client.opened.await();
        server.opened.await();

        for (int i = 0; i < 1000; i++)
        {
            final ByteBuffer frame = Frames.heartbeat(i);
            client.connection.send(frame, 0, frame.capacity());
            server.connection.send(frame, 0, frame.capacity());
        }
        client.connection.flush();
        server.connection.flush();

        for (int i = 0; i < 1000; i++)
        {
            assertThat(server.frames.take()).isEqualTo(Frames.heartbeat(i));
            assertThat(client.frames.take()).isEqualTo(Frames.heartbeat(i));
        }
    }

    @Test
    void shouldTellBothSidesOnceWhenOneCloses() throws Exception
    {
        final Recorder client = connect();
        final Recorder server = accepted.take();
        client.opened.await();

        client.connection.close("enough");
        client.connection.close("more");

        assertThat(client.closed.take()).isEqualTo("enough");
        assertThat(server.closed.take()).isEqualTo("closed by the other side");
        assertThat(client.closed).isEmpty();
        assertThat(client.connection.send(Frames.heartbeat(1), 0, 8)).isFalse();
    }

    @Test
    void shouldSayWhenAFullQueueHasRoomAgain() throws Exception
    {
        final Recorder client = connect();
        client.opened.await();
        final ByteBuffer frame = Frames.block(1, 1, 1, new byte[4000], 0);
        while (client.connection.isWritable())
        {
            client.connection.send(frame, 0, frame.capacity());
        }
        assertThat(client.writable).isEmpty();

        client.connection.flush();

        assertThat(client.writable.take()).isTrue();
        accepted.take();
    }

    @Test
    void shouldSayWhyItCannotConnect() throws Exception
    {
        final Recorder client = new Recorder();
        final InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

        network.connect(new PathConfig("p", null, nobody), client);

        assertThat(client.closed.take()).contains("cannot connect to").contains(nobody.toString());
        assertThat(client.closed).isEmpty();
    }

    @Test
    void shouldLookANameUpEachTimeItConnects() throws Exception
    {
        final PathConfig byName = named("localhost");

        for (int i = 0; i < 2; i++)
        {
            final Recorder client = new Recorder();
            network.connect(byName, client);
            client.opened.await();
            assertThat(accepted.take().closed).isEmpty();
        }
    }

    @Test
    void shouldNameTheHostThatIsNotKnown() throws Exception
    {
        final Recorder client = new Recorder();
        try (NettyNetwork other = new NettyNetwork("fb-paths-other", security(), SystemNanoClock.INSTANCE, host ->
        {
            throw new UnknownHostException(host + ": Name or service not known");
        }))
        {
            other.connect(named("nosuch.invalid"), client);

            assertThat(client.closed.take()).startsWith("cannot connect to nosuch.invalid").contains("not known");
        }
    }

    @Test
    void shouldServeOtherPathsWhileNameServersDoNotAnswer() throws Exception
    {
        final CountDownLatch answer = new CountDownLatch(1);
        final Recorder byName = new Recorder();
        final Recorder again = new Recorder();
        final Recorder byAddress = new Recorder();
        try (NettyNetwork other =
            new NettyNetwork("fb-paths-other", security(), SystemNanoClock.INSTANCE, host -> whenAnswered(answer)))
        {
            other.connect(named("slow.example"), byName);
            other.connect(named("slow.example"), again);
            other.connect(new PathConfig("q", null, address), byAddress);

            byAddress.opened.await();
            assertThat(again.closed.take()).contains("slow.example", "still being looked up");
            assertThat(byName.closed).isEmpty();
            answer.countDown();
            byName.opened.await();
        }
    }

    @Test
    void shouldNotMindAnAnswerThatComesAfterItsEnd() throws Exception
    {
        final CountDownLatch answer = new CountDownLatch(1);
        final Recorder client = new Recorder();
        final NettyNetwork other =
            new NettyNetwork("fb-paths-other", security(), SystemNanoClock.INSTANCE, host -> whenAnswered(answer));
        other.connect(named("slow.example"), client);

        other.close();
        answer.countDown();

        waitFor(() -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("fb-paths-other-dns")));
        assertThat(client.closed).isEmpty();
        assertThat(accepted).isEmpty();
    }

    @Test
    void shouldNameAnAddressThatIsTaken()
    {
        final InetSocketAddress notHere = new InetSocketAddress("192.0.2.1", 4711);

        assertThatThrownBy(() -> network.listen(notHere, Recorder::new, (kind, reason) -> { }))
            .isInstanceOf(IllegalStateException.class).hasMessageContaining("192.0.2.1").hasMessageContaining("4711");
    }

    Recorder connect()
    {
        final Recorder client = new Recorder();
        network.connect(new PathConfig("p", null, address), client);
        return client;
    }

    private PathConfig named(final String host)
    {
        return new PathConfig("p", null, InetSocketAddress.createUnresolved(host, address.getPort()));
    }

    private InetAddress whenAnswered(final CountDownLatch answer)
    {
        try
        {
            answer.await();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
        return address.getAddress();
    }

    static void waitFor(final BooleanSupplier condition)
    {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean())
        {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** Keeps what one connection was told. */
    static final class Recorder implements ConnectionHandler
    {
        final CountDownLatch opened = new CountDownLatch(1);
        final BlockingQueue<ByteBuffer> frames = new LinkedBlockingQueue<>();
        final BlockingQueue<Boolean> writable = new LinkedBlockingQueue<>();
        final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
        final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
        volatile Connection connection;

        @Override
        public void onOpened(final Connection newConnection)
        {
            connection = newConnection;
            opened.countDown();
        }

        @Override
        public void onFrame(final Connection from, final ReceivedFrame frame)
        {
            frames.add(ByteBuffer.allocate(frame.lengthBytes()).put(0, frame.memory(), 0, frame.lengthBytes()));
        }

        @Override
        public void onWritable(final Connection from)
        {
            writable.add(from.isWritable());
        }

        @Override
        public void onRefused(final Connection from, final String problem)
        {
            refused.add(problem);
        }

        @Override
        public void onClosed(final String reason)
        {
            closed.add(reason);
        }
    }
}
