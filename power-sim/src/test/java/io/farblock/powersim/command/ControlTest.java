package io.farblock.powersim.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The way of a request: where the socket is, and what comes of requests that nobody should send. */
class ControlTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("sim-");

    @TempDir
    private Path directory;

    @Test
    void shouldTakeWordsAndGiveWhatBecameOfThem() throws Exception
    {
        final Path path = directory.resolve("a.sock");
        final ControlServer server = serve(path);
        try
        {
            final Answer answer = client(path).ask("say", "two words", "");

            assertThat(answer).isEqualTo(new Answer(ExitCode.DAMAGED, "[say, two words, ]"));
        }
        finally
        {
            server.close();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void shouldOutliveClientsThatMisbehave() throws Exception
    {
        final Path path = directory.resolve("a.sock");
        final ControlServer server = serve(path);
        try
        {
            try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(path)))
            {
                silent.shutdownOutput();
            }
            try (SocketChannel endless = SocketChannel.open(UnixDomainSocketAddress.of(path)))
            {
                endless.write(ByteBuffer.wrap("x".repeat(9000).getBytes(StandardCharsets.US_ASCII)));
                // the server hangs up instead of reading on; what it has not read makes that a reset
                assertThat(endOf(endless)).isTrue();
            }

            assertThat(client(path).ask("still", "there").text()).isEqualTo("[still, there]");
        }
        finally
        {
            server.close();
        }
    }

    @Test
    void shouldSayThatNobodyServes()
    {
        final ServeException refused = catchThrowableOfType(
            ServeException.class, () -> client(directory.resolve("none.sock")).ask("status"));

        assertThat(refused.exit()).isEqualTo(ExitCode.NOT_NOW);
        assertThat(refused).hasMessageContaining("nobody serves array.toml", "start it: some-sim serve array.toml");
    }

    @Test
    void shouldReplaceWhatADeadServerLeftAndNothingElse() throws Exception
    {
        final Path path = directory.resolve("a.sock");
        final Path file = Files.writeString(directory.resolve("b.sock"), "precious");
        ControlSocket.listen(path).channel().close();

        final ControlServer server = serve(path);
        try
        {
            assertThat(client(path).ask("x").text()).isEqualTo("[x]");
        }
        finally
        {
            server.close();
        }
        assertThat(catchThrowableOfType(ServeException.class, () -> ControlSocket.listen(file)))
            .hasMessageContaining("is no socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void shouldFindAPlaceForLongPaths() throws Exception
    {
        final Path deep = Path.of("/tmp", "d".repeat(90), "array.toml");

        final Path beside = ControlPath.of("some-sim", Path.of("/tmp/array.toml"), null);
        final Path elsewhere = ControlPath.of("some-sim", deep, "/run/user/7");

        assertThat(beside).isEqualTo(Path.of("/tmp/array.toml.sock"));
        assertThat(elsewhere.toString()).startsWith("/run/user/7/some-sim-").endsWith(".sock");
        assertThat(ControlPath.of("some-sim", deep, "/run/user/7")).isEqualTo(elsewhere);
        assertThat(catchThrowableOfType(ServeException.class, () -> ControlPath.of("some-sim", deep, null)))
            .hasMessageContaining("XDG_RUNTIME_DIR is not set");
    }

    private static boolean endOf(final SocketChannel channel)
    {
        try
        {
            return channel.read(ByteBuffer.allocate(16)) < 0;
        }
        catch (final IOException reset)
        {
            return true;
        }
    }

    private static ControlServer serve(final Path path) throws ServeException
    {
        final ControlServer server = new ControlServer("sim-control", ControlSocket.listen(path),
            (words) -> new Answer(ExitCode.DAMAGED, words.toString()), SystemNanoClock.INSTANCE);
        server.launch();
        return server;
    }

    private static ControlClient client(final Path path)
    {
        return new ControlClient(Path.of("array.toml"), "some-sim serve array.toml", path, SystemNanoClock.INSTANCE);
    }
}
