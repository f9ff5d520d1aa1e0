package io.farblock.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command says when the daemon does not answer as it should. */
@Timeout(30)
class ControlClientTest
{
    @TempDir
    private Path directory;
    private Path path;
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException
    {
        path = directory.resolve("c.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
    }

    @AfterEach
    void close() throws IOException
    {
        server.close();
    }

    @Test
    void shouldShowARefusalThatCameBeforeTheQuestion() throws Exception
    {
        final ControlException refused = answered("{\"reply\":\"error\",\"exit\":1,\"message\":\"not you\"}\n");

        assertThat(refused).hasMessage("not you");
        assertThat(refused.exit()).isEqualTo(1);
    }

    @Test
    void shouldSayThatTheDaemonHungUp() throws Exception
    {
        assertThat(answered("{\"reply\":")).hasMessage("lost the daemon at " + path + ": it hung up");
    }

    @Test
    void shouldSayThatSomethingElseAnswers() throws Exception
    {
        assertThat(answered("HTTP/1.1 400 Bad Request\n")).hasMessage(
            "what answers at " + path + " is no farblock daemon");
    }

    @Test
    void shouldSayThatNobodyListensAnyMore() throws IOException
    {
        server.close();

        final ControlException gone = catchThrowableOfType(ControlException.class, () -> ControlClient.open(path));

        assertThat(gone.exit()).isEqualTo(3);
        assertThat(gone).hasMessageContaining("left by one that died");
    }

    private ControlException answered(final String bytes) throws Exception
    {
        try (ControlClient client = ControlClient.open(path))
        {
            try (SocketChannel accepted = server.accept())
            {
                accepted.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)));
            }
            return catchThrowableOfType(ControlException.class, () -> client.ask(Request.status(), progress -> { }));
        }
    }
}
