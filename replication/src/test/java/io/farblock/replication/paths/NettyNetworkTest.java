package io.farblock.replication.paths;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.wire.Frames;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In clear, as {@code insecure = true} asks for it. */
final class NettyNetworkTest extends NettyNetworkContract
{
    @Override
    PathSecurity security()
    {
        return PathSecurity.PLAINTEXT;
    }

    @Test
    void shouldCloseOnlyTheConnectionThatSendsGarbageAndSaySo() throws Exception
    {
        final Recorder client = connect();
        final Recorder server = accepted.take();
        client.opened.await();
        try (Socket stranger = new Socket(address.getAddress(), address.getPort()))
        {
            stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());

            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
        }

        final Recorder garbled = accepted.take();
        assertThat(garbled.closed.take()).contains("frame length");
        assertThat(garbled.refused).hasSize(1);
        client.connection.send(Frames.heartbeat(5), 0, Frames.heartbeat(5).capacity());
        client.connection.flush();
        assertThat(server.frames.take()).isEqualTo(Frames.heartbeat(5));
    }

    @Test
    void shouldLetTheOldestStrangersOfAnAddressGoForNewOnes() throws Exception
    {
        final List<Socket> sockets = new ArrayList<>();
        try
        {
            final Recorder client = connect();
            client.opened.await();
            accepted.take();
            sockets.add(new Socket(address.getAddress(), address.getPort()));
            final Recorder first = accepted.take();

            for (int i = 0; i < Door.STRANGERS_OF_ONE; i++)
            {
                sockets.add(new Socket(address.getAddress(), address.getPort()));
            }

            assertThat(first.closed.take()).contains("more than " + Door.STRANGERS_OF_ONE);
            assertThat(refused.take()).startsWith("CROWD");
        }
        finally
        {
            for (final Socket socket : sockets)
            {
                socket.close();
            }
        }
    }
}
