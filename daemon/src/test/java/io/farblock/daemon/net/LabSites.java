package io.farblock.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.faults.DaemonProcess;
import io.farblock.daemon.faults.Deadline;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import io.farblock.replication.status.SourceStatus.StageStatus;
import io.farblock.replication.status.TargetStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * {@code alpha} in the source's namespace of a laboratory sends {@link #image} to {@code beta} in the target's, over
 * all of its lines. What they send is as long as it is: nothing is compressed. Made and closed by a test.
 */
final class LabSites implements AutoCloseable
{
    static final String GROUP = "vms";
    static final int PORT = 7700;
    private static final long EPOCH_LIMIT_SECONDS = 120;
    /** How both say that what is on the lines is in clear. */
    private static final String SECURITY = "insecure = true\n";

    final Path image;
    final Path replica;
    final DaemonProcess source;
    final DaemonProcess target;

    LabSites(final NetLab lab, final Path directory)
    {
        this.image = directory.resolve("source.img");
        this.replica = directory.resolve("replica.img");
        this.source = new DaemonProcess("alpha", directory, lab.atSource());
        this.target = new DaemonProcess("beta", directory, lab.atTarget());
    }

    /** Where the target listens, one address for each line. */
    static List<InetSocketAddress> listening(final NetLab lab)
    {
        final List<InetSocketAddress> addresses = new ArrayList<>();
        for (int line = 0; line < lab.lines(); line++)
        {
            addresses.add(new InetSocketAddress(NetLab.targetAddress(line), PORT));
        }
        return addresses;
    }

    /**
     * Begins to start both: {@link #awaitAllUp} has to follow.
     *
     * @param remotes where the source connects to, one address for each line.
     */
    void launch(final NetLab lab, final List<InetSocketAddress> remotes) throws IOException
    {
        target.launch(targetConfig(listening(lab)));
        source.launch(sourceConfig(remotes));
    }

    /** An epoch that has to succeed, and what it leaves: both sides equal, byte for byte. */
    EpochResult sealed(final CompletableFuture<EpochResult> asked) throws Exception
    {
        final EpochResult result = asked.get(EPOCH_LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(result.sealed()).as("sealed, but: " + result.reason()).isTrue();
        assertThat(Images.mismatch(image, replica)).as("first byte where the replica differs").isEqualTo(-1);
        assertThat(target().replicas().get(0).root()).isEqualTo(result.root());
        return result;
    }

    EpochResult sealed() throws Exception
    {
        return sealed(source.epoch(GROUP));
    }

    GroupStatus group()
    {
        return source.status().sources().get(0).groups().get(0);
    }

    List<PathStatus> paths()
    {
        return source.status().sources().get(0).paths();
    }

    TargetStatus target()
    {
        return target.status().target();
    }

    /** Bytes of blocks that the target has taken, in order. */
    static long appliedBytes(final TargetStatus status)
    {
        return status.stages().stream().filter(stage -> stage.name().equals("apply")).mapToLong(StageStatus::bytes)
            .sum();
    }

    long appliedBytes()
    {
        return appliedBytes(target());
    }

    /** Waits until both answer and all paths are up. */
    void awaitAllUp()
    {
        target.awaitAnswer();
        source.awaitAnswer();
        Deadline.await("all paths are up", 30, () -> paths().stream().allMatch(path -> path.state().equals("up")));
    }

    /** Both logs, for a failure's message. */
    String logs()
    {
        return "--- alpha\n" + source.log() + "--- beta\n" + target.log();
    }

    /** How the lines are, for people. */
    String lines()
    {
        return paths().stream().map(path -> path.name() + " " + path.state() + " (" + path.reason() + ")")
            .collect(Collectors.joining("; "));
    }

    @Override
    public void close() throws IOException
    {
        source.close();
        target.close();
        Files.deleteIfExists(source.socket());
        Files.deleteIfExists(target.socket());
    }

    private String targetConfig(final List<InetSocketAddress> addresses)
    {
        return target.header() + "journal_limit = \"4GiB\"\njournal_reserve = \"1MiB\"\n[listen]\naddresses = " +
            addresses.stream().map(address -> "\"" + LabProcess.text(address) + "\"").toList() + "\n" + SECURITY +
            "[[replica]]\npeer = \"alpha\"\ngroup = \"" + GROUP + "\"\nvolume = \"disk\"\ndevice = \"" + replica +
            "\"\n";
    }

    private String sourceConfig(final List<InetSocketAddress> remotes)
    {
        final StringBuilder text = new StringBuilder(source.header())
            .append("compression = \"none\"\n[[peer]]\nname = \"beta\"\n").append(SECURITY);
        for (int line = 0; line < remotes.size(); line++)
        {
            text.append("[[peer.path]]\nname = \"line").append(line)
                .append("\"\nlocal = \"").append(NetLab.sourceAddress(line))
                .append("\"\nremote = \"").append(LabProcess.text(remotes.get(line))).append("\"\n");
        }
        return text.append("[[group]]\nname = \"").append(GROUP).append("\"\npeer = \"beta\"\n[[group.volume]]\n")
            .append("name = \"disk\"\ndevice = \"").append(image).append("\"\n").toString();
    }
}
