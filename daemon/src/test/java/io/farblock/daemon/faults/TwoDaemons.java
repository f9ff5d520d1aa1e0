package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.demo.LoopbackPort;
import io.farblock.daemon.demo.PathRelay;
import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;

/**
 * {@code alpha} sends {@link #image} to {@code beta} over two lines that can be slow and cut; each is a process. Made
 * and closed by a test, which may change the settings before it starts them.
 */
final class TwoDaemons implements AutoCloseable
{
    static final String GROUP = "vms";
    private static final long EPOCH_LIMIT_SECONDS = 120;

    final Path directory;
    final DaemonProcess source;
    final DaemonProcess target;
    final PathRelay north;
    final PathRelay south;
    final List<InetSocketAddress> listen;
    Path image;
    Path replica;
    String overwrite = "";
    String journalReserve = "1MiB";
    String targetState = "";
    String window = "2MiB";
    String tracking = "scan";
    /** Whether everything goes in clear, for tests that speak on the lines themselves. */
    boolean insecure;
    /** More lines of the group, and of its volume. */
    String groupKeys = "";
    String volumeKeys = "";
    /** Lines at the end of the source's configuration. */
    String moreOfSource = "";
    /** Lines at the end of the target's configuration. */
    String moreReplicas = "";

    TwoDaemons(final Path directory) throws IOException
    {
        this.directory = directory;
        this.image = directory.resolve("source.img");
        this.replica = directory.resolve("replica.img");
        this.source = new DaemonProcess("alpha", directory);
        this.target = new DaemonProcess("beta", directory);
        try (ServerSocket one = LoopbackPort.anyFree(); ServerSocket other = LoopbackPort.anyFree())
        {
            listen = List.of((InetSocketAddress)one.getLocalSocketAddress(),
                (InetSocketAddress)other.getLocalSocketAddress());
        }
        this.north = new PathRelay("north", listen.get(0), SystemNanoClock.INSTANCE);
        this.south = new PathRelay("south", listen.get(1), SystemNanoClock.INSTANCE);
    }

    void start() throws IOException
    {
        // Side by side: most of a test's time is the start of its JVMs.
        target.launch(targetConfig());
        source.launch(sourceConfig());
        target.awaitAnswer();
        source.awaitAnswer();
    }

    void startTarget() throws IOException, InterruptedException
    {
        target.start(targetConfig());
    }

    String targetConfig() throws IOException
    {
        final String header = targetState.isEmpty() ? target.header() :
            target.header().replace(target.state() + "\"", targetState + "\"");
        return header +
            "journal_limit = \"2GiB\"\njournal_reserve = \"" + journalReserve + "\"\nwindow = \"" + window + "\"\n" +
            "[listen]\naddresses = [\"" + text(listen.get(0)) + "\", \"" + text(listen.get(1)) + "\"]\n" +
            (insecure ? "insecure = true\n" : "[[peer]]\nname = \"alpha\"\n" + pin(sourceState())) +
            "[[replica]]\npeer = \"alpha\"\ngroup = \"" + GROUP + "\"\nvolume = \"disk\"\n" +
            "device = \"" + replica + "\"\n" + (overwrite.isEmpty() ? "" : "overwrite = \"" + overwrite + "\"\n") +
            moreReplicas;
    }

    String sourceConfig() throws IOException
    {
        return source.header() + "window = \"" + window + "\"\n[[peer]]\nname = \"beta\"\n" +
            (insecure ? "insecure = true\n" : pin(targetState())) +
            path(north) + path(south) +
            "[[group]]\nname = \"" + GROUP + "\"\npeer = \"beta\"\n" + groupKeys +
            "[[group.volume]]\nname = \"disk\"\ndevice = \"" + image + "\"\ntracking = \"" + tracking + "\"\n" +
            volumeKeys + moreOfSource;
    }

    /** An epoch to its end, whatever that is. */
    EpochResult epoch() throws Exception
    {
        return source.epoch(GROUP).get(EPOCH_LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    CompletableFuture<EpochResult> epochBegun()
    {
        return source.epoch(GROUP);
    }

    /** An epoch that has to succeed, and what it leaves. */
    EpochResult sealed() throws Exception
    {
        return sealed(source.epoch(GROUP));
    }

    EpochResult sealed(final CompletableFuture<EpochResult> asked) throws Exception
    {
        final EpochResult result = asked.get(EPOCH_LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(result.sealed()).as("sealed, but: " + result.reason()).isTrue();
        assertSame(image, "the source");
        return result;
    }

    void assertSame(final Path expected, final String what) throws IOException
    {
        assertThat(Images.mismatch(expected, replica)).as("first byte where the replica differs from " + what)
            .isEqualTo(-1);
    }

    GroupStatus group()
    {
        return source.status().sources().get(0).groups().get(0);
    }

    ReplicaStatus replicaStatus()
    {
        return target.status().target().replicas().get(0);
    }

    /** Waits until an epoch is on the lines: so much of it at least. */
    void awaitWireBytes(final long bytes)
    {
        Deadline.await("an epoch with " + bytes + " bytes on the lines", 30, () ->
        {
            final GroupStatus group = group();
            return "send".equals(group.phase()) && group.wireBytes() >= bytes;
        });
    }

    /** @param bytesPerSecond on each line; 0 for no limit. */
    void limit(final long bytesPerSecond)
    {
        north.limit(bytesPerSecond);
        south.limit(bytesPerSecond);
    }

    void cutBoth()
    {
        north.cut();
        south.cut();
    }

    void mendBoth() throws IOException
    {
        north.mend();
        south.mend();
    }

    /** Both logs, for a failure's message. */
    String logs()
    {
        return "--- alpha\n" + source.log() + "--- beta\n" + target.log();
    }

    @Override
    public void close() throws IOException
    {
        source.close();
        target.close();
        north.close();
        south.close();
        Files.deleteIfExists(source.socket());
        Files.deleteIfExists(target.socket());
    }

    static String text(final InetSocketAddress address)
    {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    Path sourceState()
    {
        return source.state();
    }

    Path targetState()
    {
        return targetState.isEmpty() ? target.state() : Path.of(targetState);
    }

    /** The line by which a site is known that keeps its identity there; it is made when there is none yet. */
    static String pin(final Path state) throws IOException
    {
        return "fingerprints = [\"" + identity(state).fingerprint() + "\"]\n";
    }

    static SiteIdentity identity(final Path state) throws IOException
    {
        final String site = state.getFileName().toString();
        return SiteIdentity.openOrMake(state.resolve("identity"), site, new SecureRandom());
    }

    private static String path(final PathRelay relay)
    {
        return "[[peer.path]]\nname = \"" + relay.name() + "\"\nremote = \"127.0.0.1:" + relay.port() + "\"\n";
    }
}
