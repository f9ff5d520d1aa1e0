package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A server in a directory of its own, and what it said. One test's. */
final class Served implements AutoCloseable, NbdEvents
{
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BlockingQueue<String> endings = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final Path directory;
    private final NbdServer server;

    private Served(final Path directory, final NbdAddress address,
        final UnaryOperator<NbdServerConfig.Builder> settings) throws IOException
    {
        this.directory = directory;
        server = NbdServer.start(settings.apply(NbdServerConfig.builder(address)).conclude(), this);
    }

    static Served unix(final UnaryOperator<NbdServerConfig.Builder> settings) throws IOException
    {
        final Path directory = Files.createTempDirectory("fb-nbd");
        return new Served(directory, NbdAddress.unix(directory.resolve("socket")), settings);
    }

    static Served unix(final BlockDevice device) throws IOException
    {
        return unix((config) -> config.exports(new NbdExport("disk", device, false, "")));
    }

    static Served tcp(final BlockDevice device) throws IOException
    {
        return new Served(Files.createTempDirectory("fb-nbd"),
            NbdAddress.tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            (config) -> config.exports(new NbdExport("disk", device, false, "")));
    }

    NbdServer server()
    {
        return server;
    }

    NbdAddress address()
    {
        return server.address();
    }

    NbdBlockDevice connect() throws IOException
    {
        return connect("disk");
    }

    NbdBlockDevice connect(final String export) throws IOException
    {
        return NbdBlockDevice.connect(new NbdClientConfig(address(), export).timeouts(PATIENCE, PATIENCE));
    }

    /** Why the next connection ended; null when none did in time. */
    String ending() throws InterruptedException
    {
        return endings.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    List<Throwable> failures()
    {
        return List.copyOf(failures);
    }

    @Override
    public void closed(final String client, final String reason)
    {
        endings.add(reason);
    }

    @Override
    public void failed(final String device, final Throwable cause)
    {
        failures.add(cause);
    }

    @Override
    public void close() throws IOException
    {
        server.close();
        Files.delete(directory);
    }
}
