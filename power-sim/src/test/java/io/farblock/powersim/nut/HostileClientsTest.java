package io.farblock.powersim.nut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.LeakCheck;
import io.farblock.powersim.ups.Communication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that nobody wants, and that the others are served all the same. */
class HostileClientsTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("ups-");

    private static final int PATIENCE_MS = 30_000;

    private final FakeSource source = new FakeSource();
    private NutServer server;

    @BeforeEach
    void listen() throws IOException
    {
        server = serve(new NutLimits(32, TimeUnit.MINUTES.toNanos(1)));
    }

    @AfterEach
    void close()
    {
        server.close();
    }

    @Test
    void shouldAnswerGarbageAndGoOn() throws Exception
    {
        final byte[] garbage = new byte[100_000];
        new Random(4).nextBytes(garbage);
        for (int i = 0; i < garbage.length; i += 1 + garbage[i] & 0x3F)
        {
            garbage[i] = '\n';
        }
        try (Client hostile = new Client())
        {
            try
            {
                hostile.socket.getOutputStream().write(garbage);
            }
            catch (final IOException hungUpOn)
            {
                // that is one way of answering it
            }

            assertWorks();
        }
    }

    @Test
    void shouldHangUpOnALineWithoutAnEnd() throws Exception
    {
        try (Client hostile = new Client())
        {
            hostile.send("GET VAR ups " + "x".repeat(5000));

            assertThat(hostile.readOrEnd()).isIn("ERR INVALID-ARGUMENT", null);
            assertThat(hostile.readOrEnd()).isNull();
            assertWorks();
        }
    }

    @Test
    void shouldHangUpOnHalfALine() throws Exception
    {
        server.close();
        server = serve(new NutLimits(32, TimeUnit.MILLISECONDS.toNanos(200)));
        try (Client hostile = new Client(); Client silent = new Client())
        {
            hostile.send("GET VAR u");

            assertThat(hostile.readOrEnd()).isNull();
            assertThat(silent.readOrEnd()).isNull();
        }
    }

    @Test
    void shouldServeInTheMiddleOfAThousandConnections() throws Exception
    {
        final List<Client> crowd = new ArrayList<>();
        try (Client upsmon = new Client())
        {
            upsmon.says("USERNAME boss", "OK", "PASSWORD pw", "OK", "LOGIN ups", "OK");
            for (int i = 0; i < 1000; i++)
            {
                crowd.add(new Client());
                if (i % 100 == 50)
                {
                    assertWorks();
                }
            }

            upsmon.says("GET NUMLOGINS ups", "NUMLOGINS ups 1");
        }
        finally
        {
            for (final Client client : crowd)
            {
                client.close();
            }
        }
        assertWorks();
    }

    @Test
    void shouldServeOthersWhileOneDoesNotRead() throws Exception
    {
        try (Client deaf = new Client())
        {
            final Thread asking = new Thread(() ->
            {
                try
                {
                    for (int i = 0; i < 20_000; i++)
                    {
                        deaf.send("LIST VAR ups\n");
                    }
                }
                catch (final IOException closed)
                {
                    // the server does not take more than it can answer
                }
            }, "deaf");
            asking.start();

            for (int i = 0; i < 20; i++)
            {
                assertWorks();
            }
            server.close();
            asking.join();
        }
    }

    @Test
    void shouldForgetWhoLeavesWithoutAWord() throws Exception
    {
        try (Client gone = new Client())
        {
            gone.says("USERNAME boss", "OK", "PASSWORD pw", "OK", "LOGIN ups", "OK");
        }
        try (Client client = new Client())
        {
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            String logins = "";
            while (!logins.equals("NUMLOGINS ups 0"))
            {
                assertThat(System.nanoTime()).as(logins).isLessThan(deadlineNs);
                client.send("GET NUMLOGINS ups\n");
                logins = client.readOrEnd();
            }
        }
    }

    @Test
    void shouldTakeAQuestionAndAnswerWhenItHangsNoMore() throws Exception
    {
        source.ask("ups", (ups) ->
        {
            ups.communicate(Communication.HANG);
            return null;
        });
        try (Client client = new Client())
        {
            client.send("VER\n");
            client.socket.setSoTimeout(100);
            assertThatThrownBy(client.lines::readLine).isInstanceOf(SocketTimeoutException.class);
            client.socket.setSoTimeout(PATIENCE_MS);

            source.ask("ups", (ups) ->
            {
                ups.communicate(Communication.GOOD);
                return null;
            });

            assertThat(client.readOrEnd()).contains("upsd 2.8.0");
        }
    }

    @Test
    void shouldSayThatThePortIsTaken()
    {
        final NutServer second = new NutServer(server.address(), source, List.of(), null, NutLimits.typical(),
            SystemNanoClock.INSTANCE);

        assertThatThrownBy(second::listen).isInstanceOf(IOException.class).hasMessageContaining("in use");
    }

    @Test
    void shouldRefuseAndComeBackAtTheSamePort() throws Exception
    {
        final InetSocketAddress address = server.address();
        try (Client before = new Client())
        {
            before.says("NETVER", "1.3");

            server.close();

            assertThat(before.readOrEnd()).isNull();
            assertThatThrownBy(Client::new).hasMessageContaining("refused");
        }
        server.listen();
        assertThat(server.address()).isEqualTo(address);
        assertWorks();
    }

    private void assertWorks() throws IOException
    {
        try (Client client = new Client())
        {
            client.says("GET VAR ups ups.status", "VAR ups ups.status \"OL\"", "LOGOUT", "OK Goodbye");
            assertThat(client.readOrEnd()).isNull();
        }
    }

    private NutServer serve(final NutLimits limits) throws IOException
    {
        final NutServer made = new NutServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), source,
            List.of(new NutUser("boss", "pw", NutUser.Role.PRIMARY, true)), null, limits, SystemNanoClock.INSTANCE);
        made.listen();
        return made;
    }

    /** A socket and the lines that come from it. */
    private final class Client implements AutoCloseable
    {
        private final Socket socket;
        private final BufferedReader lines;

        Client() throws IOException
        {
            socket = new Socket();
            socket.connect(server.address(), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        void send(final String text) throws IOException
        {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        void says(final String... linesAndAnswers) throws IOException
        {
            for (int i = 0; i < linesAndAnswers.length; i += 2)
            {
                send(linesAndAnswers[i] + '\n');
                assertThat(lines.readLine()).as(linesAndAnswers[i]).isEqualTo(linesAndAnswers[i + 1]);
            }
        }

        /** Null when the connection ended, in whatever way. */
        String readOrEnd() throws SocketTimeoutException
        {
            try
            {
                return lines.readLine();
            }
            catch (final SocketTimeoutException open)
            {
                throw open;
            }
            catch (final IOException reset)
            {
                return null;
            }
        }

        @Override
        public void close() throws IOException
        {
            socket.close();
        }
    }
}
