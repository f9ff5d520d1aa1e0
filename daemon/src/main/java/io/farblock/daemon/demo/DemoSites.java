package io.farblock.daemon.demo;

import io.farblock.daemon.config.SizeText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Both sites and the two lines between them: {@code alpha} sends, {@code beta} receives. Opened by the story; closed
 * by it or by the shutdown hook, whichever comes first. A construction that fails half way closes what it opened.
 */
final class DemoSites implements AutoCloseable
{
    static final String GROUP = "demo";
    private static final long SMALLEST_JOURNAL_BYTES = 1L << 30;

    private final DemoSite source;
    private final DemoSite target;
    private final List<InetSocketAddress> listen;
    private final PathRelay north;
    private final PathRelay south;
    private final Path replica;

    DemoSites(final Path directory, final String mainClass, final NanoClock clock) throws IOException
    {
        source = new DemoSite("alpha", directory, mainClass, clock);
        target = new DemoSite("beta", directory, mainClass, clock);
        replica = directory.resolve("replica.img");
        // Free until the target binds them a moment later.
        try (ServerSocket one = LoopbackPort.anyFree(); ServerSocket other = LoopbackPort.anyFree())
        {
            listen = List.of((InetSocketAddress)one.getLocalSocketAddress(),
                (InetSocketAddress)other.getLocalSocketAddress());
        }
        north = new PathRelay("north", listen.get(0), clock);
        try
        {
            south = new PathRelay("south", listen.get(1), clock);
        }
        catch (final IOException failed)
        {
            north.close();
            throw failed;
        }
    }

    /** Starts the target, then the source, on a device that is only read. */
    void start(final Path device, final long sizeBytes) throws IOException, InterruptedException, DemoException
    {
        target.start(target.header()
            + "journal_limit = \"" + Math.max(SMALLEST_JOURNAL_BYTES, 2 * sizeBytes) + "B\"\n"
            + "journal_reserve = \"64MiB\"\n"
            + "[listen]\naddresses = [\"" + text(listen.get(0)) + "\", \"" + text(listen.get(1)) + "\"]\n"
            + "[[peer]]\nname = \"alpha\"\n" + source.pin()
            + "[[replica]]\npeer = \"alpha\"\ngroup = \"" + GROUP + "\"\nvolume = \"disk\"\n"
            + "device = \"" + quoted(replica) + "\"\n");
        // A small window, so that an epoch's progress shows what has really gone over the lines.
        source.start(source.header()
            + "window = \"8MiB\"\n[[peer]]\nname = \"beta\"\n" + target.pin()
            + path(north) + path(south)
            + "[[group]]\nname = \"" + GROUP + "\"\npeer = \"beta\"\n"
            + "[[group.volume]]\nname = \"disk\"\ndevice = \"" + quoted(device) + "\"\nblock = \""
            + SizeText.of(DemoImage.BLOCK_BYTES).replace(" ", "") + "\"\n");
    }

    DemoSite source()
    {
        return source;
    }

    DemoSite target()
    {
        return target;
    }

    PathRelay north()
    {
        return north;
    }

    Path replica()
    {
        return replica;
    }

    /** Over both lines, towards the target, since the beginning. */
    long carriedBytes()
    {
        return north.carriedBytes() + south.carriedBytes();
    }

    /** @param bytesPerSecond over both lines together; 0 for no limit. */
    void limit(final long bytesPerSecond)
    {
        final long each = bytesPerSecond == 0 ? 0 : Math.max(1, bytesPerSecond / 2);
        north.limit(each);
        south.limit(each);
    }

    /** Stops both daemons as systemd would. */
    void stop() throws InterruptedException
    {
        source.stop();
        target.stop();
    }

    @Override
    public void close()
    {
        source.close();
        target.close();
        north.close();
        south.close();
    }

    private static String path(final PathRelay relay)
    {
        return "[[peer.path]]\nname = \"" + relay.name() + "\"\nremote = \"127.0.0.1:" + relay.port() + "\"\n";
    }

    private static String text(final InetSocketAddress address)
    {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static String quoted(final Path path)
    {
        return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
