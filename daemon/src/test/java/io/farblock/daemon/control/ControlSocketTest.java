package io.farblock.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets the socket's path. */
class ControlSocketTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldRefuseASecondDaemon()
    {
        final Path path = directory.resolve("c.sock");
        try (ControlSocket first = ControlSocket.claim(path))
        {
            assertThatThrownBy(() -> ControlSocket.claim(path))
                .isInstanceOf(AlreadyRunningException.class).hasMessageContaining("another farblock daemon is running");
            assertThat(first.channel().isOpen()).isTrue();
            assertThat(path).exists();
        }
    }

    @Test
    void shouldReplaceWhatADeadDaemonLeft() throws IOException
    {
        final Path path = directory.resolve("c.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX))
        {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();

        try (ControlSocket socket = ControlSocket.claim(path))
        {
            assertThat(socket.channel().isOpen()).isTrue();
        }
    }

    @Test
    void shouldNotReplaceALiveSocketThatHoldsNoLock() throws IOException
    {
        final Path path = directory.resolve("c.sock");
        try (ServerSocketChannel live = ServerSocketChannel.open(StandardProtocolFamily.UNIX))
        {
            live.bind(UnixDomainSocketAddress.of(path));

            assertThatThrownBy(() -> ControlSocket.claim(path)).isInstanceOf(AlreadyRunningException.class);
        }
    }

    @Test
    void shouldNotRemoveAFileThatIsNoSocket() throws IOException
    {
        final Path path = Files.writeString(directory.resolve("c.sock"), "precious");

        assertThatThrownBy(() -> ControlSocket.claim(path)).hasMessageContaining("not a socket");

        assertThat(path).hasContent("precious");
    }

    @Test
    void shouldSayThatAPathIsTooLong()
    {
        assertThatThrownBy(() -> ControlSocket.claim(directory.resolve("x".repeat(120))))
            .isInstanceOf(IllegalStateException.class).hasMessageContaining("107 bytes");
    }

    @Test
    void shouldBeClaimableAgainAfterClose()
    {
        final Path path = directory.resolve("c.sock");
        ControlSocket.claim(path).close();

        assertThat(path).doesNotExist();
        ControlSocket.claim(path).close();
    }
}
