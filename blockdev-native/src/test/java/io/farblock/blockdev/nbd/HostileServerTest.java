package io.farblock.blockdev.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are old, wrong, silent or gone, as a client sees them. */
@Timeout(30)
class HostileServerTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final ByteBuffer buffer = AlignedBuffers.allocate(4096);

    @TempDir
    private Path directory;

    @Test
    void shouldOpenAnExportOfAnOldServer() throws IOException
    {
        try (ScriptedServer server = new ScriptedServer(directory, (client) ->
        {
            client.greet();
            client.refuseOption(Protocol.OPT_STRUCTURED_REPLY, Protocol.REP_ERR_UNSUP);
            client.refuseOption(Protocol.OPT_GO, Protocol.REP_ERR_UNSUP);
            client.readOption(Protocol.OPT_EXPORT_NAME);
            client.out().writeLong(1 << 20);
            client.out().writeShort(Protocol.FLAG_HAS_FLAGS);
            client.answerRead(new byte[512]);
            client.readToTheEnd();
        });
            NbdBlockDevice device = connect(server, LONG))
        {
            final int read = device.read(0, buffer, 0, 512);

            assertThat(read).isEqualTo(512);
            assertThat(device.geometry().sizeBytes()).isEqualTo(1 << 20);
            assertThat(device.flush()).as("a flush that cannot be asked for").isEqualTo(-Errno.EOPNOTSUPP);
            assertThat(device.discard(0, 512)).isEqualTo(-Errno.EOPNOTSUPP);
            assertThat(device.nextData(512)).isEqualTo(512);
            assertThat(device.nextHole(512)).isEqualTo(1 << 20);
        }
    }

    @Test
    void shouldSayWhatIsNoServer()
    {
        assertRefused("what listens there does not speak NBD", (client) -> client.out().write(new byte[18]));
        assertRefused("closed the connection before it had agreed", (client) -> client.close());
        assertRefused("the server has no export 'disk' (it says: gone?[2J)", (client) ->
        {
            client.greet();
            client.refuseOption(Protocol.OPT_STRUCTURED_REPLY, Protocol.REP_ERR_UNSUP);
            client.readOption(Protocol.OPT_GO);
            client.answerOption(Protocol.OPT_GO, Protocol.REP_ERR_UNKNOWN, "gone\u001b[2J".getBytes());
        });
        assertRefused("it wants TLS", (client) ->
        {
            client.greet();
            client.refuseOption(Protocol.OPT_STRUCTURED_REPLY, Protocol.REP_ERR_TLS_REQD);
        });
        assertRefused("the export has 1000 bytes, expected a multiple of the sector of 512", (client) ->
            client.agree(1000));
    }

    @Test
    void shouldNotWaitForEverToAgree() throws IOException
    {
        try (ScriptedServer server = new ScriptedServer(directory, (client) -> client.readToTheEnd()))
        {
            assertThatThrownBy(() -> NbdBlockDevice.connect(
                new NbdClientConfig(server.address(), "disk").timeouts(SHORT, LONG)))
                .isInstanceOf(DeviceException.class).hasMessageContaining("did not agree within PT0.1S");
        }
        assertThatThrownBy(() -> NbdBlockDevice.connect(
            new NbdClientConfig(NbdAddress.unix(directory.resolve("nobody")), "disk")))
            .isInstanceOf(DeviceException.class).hasMessageContaining("is the server running?");
    }

    @Test
    void shouldGiveUpOnAServerThatDoesNotAnswer() throws IOException
    {
        try (ScriptedServer server = new ScriptedServer(directory, (client) ->
        {
            client.agree(1 << 20);
            client.readToTheEnd();
        });
            NbdBlockDevice device = connect(server, SHORT))
        {
            final int[] results = {device.read(0, buffer, 0, 512), device.write(0, buffer, 0, 512)};

            assertThat(results).containsOnly(-Errno.ETIMEDOUT);
            assertThat(device.failure()).isEqualTo("the server did not answer in time");
        }
    }

    @Test
    void shouldEndWithTheFirstReplyThatMakesNoSense()
    {
        assertBroken("does not begin with a magic number", (client) -> client.out().write(new byte[16]));
        assertBroken("answered a request that was not made", (client) -> client.simpleReply(0, 4711));
        assertBroken("chunk of type 1 with 3 bytes", (client) -> client.chunk(1, client.cookie(), new byte[3]));
        assertBroken("chunk of type 77 with 8 bytes", (client) -> client.chunk(77, client.cookie(), new byte[8]));
        assertBroken("something that was not asked", (client) ->
            client.chunk(Protocol.CHUNK_OFFSET_DATA, client.cookie(), new byte[8 + 513]));
        assertBroken("something that was not asked", (client) ->
            client.chunk(Protocol.CHUNK_BLOCK_STATUS, client.cookie(), new byte[12]));
        assertBroken("left out a part", (client) ->
            client.chunk(Protocol.CHUNK_OFFSET_DATA, client.cookie(), new byte[8 + 511]));
    }

    @Test
    void shouldFailWhatIsInFlightWhenTheServerGoes() throws IOException
    {
        try (ScriptedServer server = new ScriptedServer(directory, (client) ->
        {
            client.agree(1 << 20);
            client.readRequest();
            client.close();
        });
            NbdBlockDevice device = connect(server, LONG))
        {
            final int[] results = {device.read(0, buffer, 0, 512), device.read(0, buffer, 0, 512)};

            assertThat(results).containsOnly(-Errno.ENOTCONN);
        }
    }

    private void assertRefused(final String message, final ScriptedServer.Script script)
    {
        try (ScriptedServer server = new ScriptedServer(directory, script))
        {
            assertThatThrownBy(() -> connect(server, LONG).close()).isInstanceOf(DeviceException.class)
                .hasMessageContaining(message);
        }
    }

    private void assertBroken(final String reason, final ScriptedServer.Script reply)
    {
        try (ScriptedServer server = new ScriptedServer(directory, (client) ->
        {
            client.agree(1 << 20);
            client.readRequest();
            reply.serve(client);
            client.readToTheEnd();
        });
            NbdBlockDevice device = connect(server, LONG))
        {
            final int result = device.read(0, buffer, 0, 512);

            assertThat(result).isEqualTo(-Errno.EIO);
            assertThat(device.failure()).contains(reason);
        }
        catch (final IOException failed)
        {
            throw new AssertionError(failed);
        }
    }

    private static NbdBlockDevice connect(final ScriptedServer server, final Duration request) throws IOException
    {
        return NbdBlockDevice.connect(new NbdClientConfig(server.address(), "disk").timeouts(LONG, request));
    }
}
