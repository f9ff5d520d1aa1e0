package io.farblock.daemon.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A line carries, is slow, is cut, is mended. */
@Timeout(30)
class PathRelayTest
{
    private ServerSocket target;
    private PathRelay relay;

    @BeforeEach
    void open() throws IOException
    {
        target = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        relay = new PathRelay("north", (InetSocketAddress)target.getLocalSocketAddress(), SystemNanoClock.INSTANCE);
    }

    @AfterEach
    void close() throws IOException
    {
        relay.close();
        target.close();
    }

    @Test
    void shouldCarryBothWaysAndCountOne() throws IOException
    {
        try (Socket near = connect(); Socket far = target.accept())
        {
            near.getOutputStream().write(new byte[1000]);
            assertThat(far.getInputStream().readNBytes(1000)).hasSize(1000);
            far.getOutputStream().write(new byte[]{7});

            assertThat(near.getInputStream().read()).isEqualTo(7);
            assertThat(relay.carriedBytes()).isEqualTo(1000);
        }
    }

    /** Often, because a line that goes on taking connections for a moment does so only now and then. */
    @RepeatedTest(100)
    void shouldResetConnectionsAndRefuseNewOnesWhenCut() throws IOException
    {
        try (Socket near = connect(); Socket far = target.accept())
        {
            near.getOutputStream().write(1);
            assertThat(far.getInputStream().read()).isEqualTo(1);

            relay.cut();

            assertThatThrownBy(() -> far.getInputStream().read()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> near.getInputStream().read()).isInstanceOf(IOException.class);
            assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldCarryAgainOnTheSamePortWhenMended() throws IOException
    {
        relay.cut();
        relay.mend();

        try (Socket near = connect(); Socket far = target.accept())
        {
            near.getOutputStream().write(5);
            assertThat(far.getInputStream().read()).isEqualTo(5);
        }
    }

    @Test
    void shouldPassAnEndOn() throws IOException
    {
        try (Socket near = connect(); Socket far = target.accept())
        {
            far.shutdownOutput();

            assertThatThrownBy(() ->
            {
                if (near.getInputStream().read() < 0)
                {
                    throw new IOException("end");
                }
            }).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldCloseTheNearEndWhenNobodyIsThere() throws IOException
    {
        target.close();

        assertThatThrownBy(() ->
        {
            try (Socket near = connect())
            {
                if (near.getInputStream().read() < 0)
                {
                    throw new IOException("end");
                }
            }
        }).isInstanceOf(IOException.class);
    }

    private Socket connect() throws IOException
    {
        return new Socket(InetAddress.getLoopbackAddress(), relay.port());
    }
}
