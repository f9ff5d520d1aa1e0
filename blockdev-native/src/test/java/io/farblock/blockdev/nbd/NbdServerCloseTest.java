package io.farblock.blockdev.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How servers come and go. */
@Timeout(30)
class NbdServerCloseTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    /** The common pool may have one thread only, and the first task waits for the second. */
    private static final Executor OWN_THREAD = (task) -> new Thread(task, "nbd-test").start();

    private final ProbedDevice device = new ProbedDevice(1 << 20);
    private final ByteBuffer buffer = AlignedBuffers.allocate(4096);

    @TempDir
    private Path directory;

    @Test
    void shouldAnswerWhatRunsBeforeItCloses() throws Exception
    {
        device.gate = new CountDownLatch(1);
        try (Served served = Served.unix(device); NbdBlockDevice client = served.connect())
        {
            final CompletableFuture<Integer> write =
                CompletableFuture.supplyAsync(() -> client.write(0, buffer, 0, 4096), OWN_THREAD);
            while (device.inside.get() == 0)
            {
                Thread.onSpinWait();
            }
            final CompletableFuture<Void> closing = CompletableFuture.runAsync(served.server()::close, OWN_THREAD);
            while (Files.exists(served.address().path()))
            {
                Thread.onSpinWait();
            }
            final boolean closedMeanwhile = closing.isDone();
            device.gate.countDown();

            assertThat(write.get(10, TimeUnit.SECONDS)).isEqualTo(4096);
            closing.get(10, TimeUnit.SECONDS);
            assertThat(closedMeanwhile).isFalse();
            assertThat(device.inside).hasValue(0);
            assertThat(client.read(0, buffer, 0, 512)).isEqualTo(-Errno.ENOTCONN);
            assertThat(client.flush()).isEqualTo(-Errno.ENOTCONN);
            assertThat(client.nextData(0)).isEqualTo(-Errno.ENOTCONN);
            assertThat(client.failure()).isEqualTo("the server closed the connection");
        }
    }

    @Test
    void shouldNotWaitForAClientThatTakesNoReplies() throws Exception
    {
        final int size = 8 << 20;
        final ProbedDevice large = new ProbedDevice(size);
        try (Served served = Served.unix((config) -> config.closeTimeout(Duration.ofMillis(100))
            .exports(new NbdExport("disk", large, false, "")));
            RawClient greedy = RawClient.simple(served.address(), "disk"))
        {
            greedy.request(0, Protocol.CMD_READ, 1, 0, size);
            while (large.reads.get() == 0)
            {
                Thread.onSpinWait();
            }

            served.server().close();

            assertThat(served.ending()).isEqualTo("the server is closing");
        }
    }

    @Test
    void shouldKeepItsSocketToItsUserAndTakeItAway() throws Exception
    {
        final NbdAddress address = NbdAddress.unix(directory.resolve("socket"));
        final NbdServer server = start(address);
        final int mode = (int)Files.getAttribute(address.path(), "unix:mode");

        server.close();
        server.close();

        assertThat(mode & 0777).isEqualTo(0600);
        assertThat(address.path()).doesNotExist();
    }

    @Test
    void shouldReplaceTheSocketOfADeadServer() throws Exception
    {
        final Path path = directory.resolve("socket");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX))
        {
            dead.bind(UnixDomainSocketAddress.of(path));
        }

        try (NbdServer server = start(NbdAddress.unix(path));
            NbdBlockDevice client = NbdBlockDevice.connect(new NbdClientConfig(server.address(), "disk")))
        {
            assertThat(client.flush()).isZero();
        }
    }

    @Test
    void shouldLeaveALiveServerItsSocket() throws Exception
    {
        final NbdAddress address = NbdAddress.unix(directory.resolve("socket"));
        try (NbdServer first = start(address))
        {
            assertThatThrownBy(() -> start(address)).isInstanceOf(DeviceException.class)
                .hasMessage("cannot listen on " + address + ": another server answers there; stop that one or choose " +
                    "another path");

            assertThat(first.address().path()).exists();
            try (NbdBlockDevice client = NbdBlockDevice.connect(new NbdClientConfig(address, "")))
            {
                assertThat(client.flush()).isZero();
            }
        }
    }

    @Test
    void shouldLeaveAFileThatIsNoSocketAlone() throws Exception
    {
        final Path path = Files.writeString(directory.resolve("file"), "precious");

        assertThatThrownBy(() -> start(NbdAddress.unix(path))).isInstanceOf(DeviceException.class)
            .hasMessageContaining("something that is no socket is there");

        assertThat(path).hasContent("precious");
    }

    @Test
    void shouldSayWhyAnAddressCannotBeHad() throws Exception
    {
        try (Served other = Served.tcp(device))
        {
            assertThatThrownBy(() -> start(other.address())).isInstanceOf(DeviceException.class)
                .hasMessageContaining("cannot listen on " + other.address()).hasMessageContaining("already in use");
        }
        assertThatThrownBy(() -> start(NbdAddress.unix(directory.resolve("x".repeat(108)))))
            .isInstanceOf(DeviceException.class).hasMessageContaining("choose a shorter one");
    }

    private NbdServer start(final NbdAddress address) throws IOException
    {
        return NbdServer.start(NbdServerConfig.builder(address)
            .exports(new NbdExport("disk", device, false, "")).conclude(), NbdEvents.NONE);
    }
}
