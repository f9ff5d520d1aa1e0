package io.farblock.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.daemon.engine.FakeEngine;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients may do to the daemon, and what they may not. */
@Timeout(30)
class ControlServerTest
{
    @TempDir
    private Path directory;
    private ServerFixture server;

    @BeforeEach
    void launch()
    {
        server = new ServerFixture(directory);
    }

    @AfterEach
    void close()
    {
        server.close();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().equals("control"));
        assertThat(server.path).doesNotExist();
    }

    @Test
    void shouldAnswerStatus() throws ControlException
    {
        final DaemonStatus status = status();

        assertThat(status.site()).isEqualTo("alpha");
        assertThat(status.sources().get(0).groups().get(0).rpoNs()).isEqualTo(-1);
        assertThat(status.target()).isNull();
    }

    @Test
    void shouldLetOnlyItsOwnerReachTheSocket() throws IOException
    {
        assertThat(Files.getPosixFilePermissions(server.path))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void shouldNameFieldsAsTheRecordsDo() throws IOException
    {
        try (SocketChannel client = raw("{\"command\":\"status\"}\n"))
        {
            assertThat(line(client)).startsWith("{\"reply\":\"status\",\"status\":{\"site\":\"alpha\","
                + "\"version\":\"1\",\"pid\":7,"
                + "\"uptimeNs\":1000000000,\"insecureListen\":false,\"sources\":[{\"peer\":\"beta\"")
                .contains("\"rpoNs\":-1").contains("\"lastResult\":null");
        }
    }

    @Test
    void shouldStreamProgressUntilTheEpochIsSealed() throws Exception
    {
        server.engine.phase = "send";
        final CountDownLatch seen = new CountDownLatch(3);
        final CompletableFuture<Reply> last = CompletableFuture.supplyAsync(() ->
        {
            try (ControlClient client = ControlClient.open(server.path))
            {
                return client.ask(Request.epoch("vms", true), progress ->
                {
                    assertThat(progress.group().phase()).isEqualTo("send");
                    seen.countDown();
                });
            }
            catch (final ControlException failed)
            {
                throw new AssertionError(failed);
            }
        });
        seen.await();

        server.engine.epoch.complete(FakeEngine.sealed(4));

        assertThat(last.get().epoch().epoch()).isEqualTo(4);
    }

    @Test
    void shouldAnswerOneClientWhileAnotherWaits() throws Exception
    {
        try (SocketChannel waiting = raw("{\"command\":\"epoch\",\"group\":\"vms\",\"wait\":true}\n"))
        {
            assertThat(line(waiting)).contains("progress");

            assertThat(status().site()).isEqualTo("alpha");
        }
    }

    @Test
    void shouldAnswerStatusWhenMoreWaitThanThereArePlaces() throws Exception
    {
        final List<SocketChannel> waiting = new ArrayList<>();
        for (int i = 0; i < ControlServer.MOST_CLIENTS + 8; i++)
        {
            waiting.add(raw("{\"command\":\"epoch\",\"group\":\"vms\",\"wait\":true}\n"));
        }

        assertThat(status().site()).isEqualTo("alpha");

        for (final SocketChannel channel : waiting)
        {
            channel.close();
        }
    }

    @Test
    void shouldRefuseGarbageAndGoOn() throws Exception
    {
        for (final String garbage : List.of("hello\n", "\n", "null\n", "[]\n", "{\"command\":\n", "\u0000\u0001\n",
            "{\"command\":\"status\"} trailing\n", "[".repeat(5_000) + "\n"))
        {
            try (SocketChannel client = raw(garbage))
            {
                assertThat(line(client)).contains("\"reply\":\"error\"").contains("\"exit\":2");
                assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        }
        assertThat(status().site()).isEqualTo("alpha");
    }

    @Test
    void shouldRefuseARequestThatIsTooLong() throws Exception
    {
        try (SocketChannel client = raw("x".repeat(ControlSession.LARGEST_REQUEST_BYTES)))
        {
            assertThat(line(client)).contains("longer than 65536 bytes");
        }
        assertThat(status().site()).isEqualTo("alpha");
    }

    @Test
    void shouldMakeRoomWhenClientsStayHalfOpen() throws Exception
    {
        final List<SocketChannel> silent = new ArrayList<>();
        for (int i = 0; i < 3 * ControlServer.MOST_CLIENTS; i++)
        {
            silent.add(raw("{\"comm"));
        }

        assertThat(status().site()).isEqualTo("alpha");

        for (final SocketChannel channel : silent)
        {
            channel.close();
        }
    }

    @Test
    void shouldAnswerAClientThatClosedItsSendingHalf() throws Exception
    {
        try (SocketChannel client = raw("{\"command\":\"verify\",\"group\":\"vms\"}\n"))
        {
            client.shutdownOutput();
            server.engine.verify.complete(FakeEngine.compared(true, List.of(), false, ""));

            assertThat(line(client)).contains("\"reply\":\"verify\"").contains("\"equal\":true");
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void shouldSurviveAClientThatLeavesBeforeItsAnswer() throws Exception
    {
        raw("{\"command\":\"verify\",\"group\":\"vms\"}\n").close();
        status();

        server.engine.verify.complete(FakeEngine.compared(true, List.of(), false, ""));

        assertThat(status().site()).isEqualTo("alpha");
    }

    @Test
    void shouldAnswerRequestsSentInOnePiece() throws IOException
    {
        try (SocketChannel client = raw("{\"command\":\"status\"}\n{\"command\":\"nonsense\"}\n"))
        {
            assertThat(line(client)).contains("\"reply\":\"status\"");
            assertThat(line(client)).contains("no command nonsense");
        }
    }

    @Test
    void shouldNameTheGroupsWhenOneIsUnknown()
    {
        final ControlException refused = catchThrowableOfType(ControlException.class, () -> ask(
            Request.epoch("nope", true)));

        assertThat(refused).hasMessage("no group nope; this site sends vms");
        assertThat(refused.exit()).isEqualTo(2);
    }

    @Test
    void shouldReportAnEngineThatThrows() throws Exception
    {
        server.engine.broken = new IllegalStateException("bad luck");

        assertThatThrownBy(this::status).hasMessageContaining("bad luck");

        server.engine.broken = null;
        assertThat(status().site()).isEqualTo("alpha");
    }

    private DaemonStatus status() throws ControlException
    {
        return ask(Request.status()).status();
    }

    private Reply ask(final Request request) throws ControlException
    {
        try (ControlClient client = ControlClient.open(server.path))
        {
            return client.ask(request, progress -> { });
        }
    }

    private SocketChannel raw(final String bytes) throws IOException
    {
        final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.path));
        try
        {
            channel.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)));
        }
        catch (final IOException evicted)
        {
            // The daemon may already have given this place to somebody else.
        }
        return channel;
    }

    private static String line(final SocketChannel channel) throws IOException
    {
        final StringBuilder line = new StringBuilder();
        final java.io.InputStream in = Channels.newInputStream(channel);
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read())
        {
            line.append((char)next);
        }
        return line.toString();
    }
}
