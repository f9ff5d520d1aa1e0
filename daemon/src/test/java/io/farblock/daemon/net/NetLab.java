package io.farblock.daemon.net;

import io.farblock.daemon.faults.RootTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Two network namespaces, a source's and a target's, joined by lines: veth pairs, each with a subnet and a rate of its
 * own in both directions. What is in a namespace sees nothing but these lines and itself.
 *
 * <p>A line can swallow everything while it looks up: each end then believes that the other has the address of a card
 * that nobody has. What was queued before still arrives, as on a real line. One thread; closing removes everything.
 */
final class NetLab implements AutoCloseable
{
    /** What most lines between sites carry in a packet. */
    static final int ORDINARY_MTU = 1500;
    /** What lines of storage appliances often carry in a packet: hardly anything is lost to headers. */
    static final int JUMBO_MTU = 9000;

    /** A packet that the kernel has not yet cut to size is this long, and one that is longer than a burst is lost. */
    private static final String SHAPE = "root tbf burst 64kb latency 50ms rate ";
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final int NOBODY = 255;

    private final RootTools tools = new RootTools();
    private final String source;
    private final String target;
    private final int[] mbits;
    private final int mtu;

    /** @param mbits of each line, as the wire counts: with all headers. */
    NetLab(final int mtu, final int... mbits) throws IOException
    {
        final String name = "fb" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
        this.source = name + "s";
        this.target = name + "t";
        this.mbits = mbits.clone();
        this.mtu = mtu;
        try
        {
            tools.namespace(source);
            tools.namespace(target);
            ip(source, "link", "set", "lo", "up");
            ip(target, "link", "set", "lo", "up");
            for (int line = 0; line < mbits.length; line++)
            {
                join(line);
            }
        }
        catch (final IOException | RuntimeException ex)
        {
            close();
            throw ex;
        }
    }

    int lines()
    {
        return mbits.length;
    }

    int mtu()
    {
        return mtu;
    }

    /** For people, in Mbit/s. */
    String rates()
    {
        return Arrays.stream(mbits).mapToObj(Integer::toString).collect(Collectors.joining("+"));
    }

    /** Of one line, in either direction. */
    double bytesPerSecond(final int line)
    {
        return mbits[line] * 1e6 / 8;
    }

    /** Of all lines together. */
    double bytesPerSecond()
    {
        return Arrays.stream(mbits).sum() * 1e6 / 8;
    }

    static String sourceAddress(final int line)
    {
        return "10.77." + line + ".1";
    }

    static String targetAddress(final int line)
    {
        return "10.77." + line + ".2";
    }

    /** What has to stand before a command that is to run at the source. */
    List<String> atSource()
    {
        return enter(source);
    }

    /** What has to stand before a command that is to run at the target. */
    List<String> atTarget()
    {
        return enter(target);
    }

    /** From now on nothing that is sent on the line arrives, and nobody is told. */
    void blackhole(final int line) throws IOException
    {
        neighbours(line, NOBODY, NOBODY);
    }

    /** The line carries again. */
    void restore(final int line) throws IOException
    {
        neighbours(line, 1, 2);
    }

    /**
     * Bytes that came out of each line at the side that this process is on, since the line was made; without the
     * headers that the kernel has put together from several packets.
     */
    long[] arrived(final long pid) throws IOException
    {
        final long[] bytes = new long[mbits.length];
        for (final String row : Files.readAllLines(Path.of("/proc/" + pid + "/net/dev")))
        {
            final String[] columns = row.trim().split("[:\\s]+");
            if (columns[0].startsWith("line"))
            {
                bytes[Integer.parseInt(columns[0].substring(4))] = Long.parseLong(columns[1]);
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException
    {
        tools.close();
    }

    private void join(final int line) throws IOException
    {
        final String device = "line" + line;
        ip(source, "link", "add", device, "mtu", "" + mtu, "address", card(line, 1), "type", "veth",
            "peer", "name", device, "mtu", "" + mtu, "address", card(line, 2), "netns", target);
        ip(source, "address", "add", sourceAddress(line) + "/24", "dev", device);
        ip(target, "address", "add", targetAddress(line) + "/24", "dev", device);
        for (final String namespace : List.of(source, target))
        {
            ip(namespace, "link", "set", device, "up");
            final String shape = "tc -n " + namespace + " qdisc add dev " + device + " " + SHAPE + mbits[line] + "mbit";
            RootTools.run(shape.split(" "));
        }
        restore(line);
    }

    private void neighbours(final int line, final int cardOfSource, final int cardOfTarget) throws IOException
    {
        neighbour(source, line, targetAddress(line), card(line, cardOfTarget));
        neighbour(target, line, sourceAddress(line), card(line, cardOfSource));
    }

    private static void neighbour(final String namespace, final int line, final String address, final String card)
        throws IOException
    {
        ip(namespace, "neighbour", "replace", address, "lladdr", card, "nud", "permanent", "dev", "line" + line);
    }

    private static String card(final int line, final int end)
    {
        return String.format("02:fb:00:00:%02x:%02x", line, end);
    }

    private static List<String> enter(final String namespace)
    {
        // Not "ip netns exec": that mounts a new /sys, which has no /sys/fs/bpf.
        return List.of("nsenter", "--net=/var/run/netns/" + namespace);
    }

    private static void ip(final String namespace, final String... arguments) throws IOException
    {
        final String[] command = new String[arguments.length + 3];
        command[0] = "ip";
        command[1] = "-n";
        command[2] = namespace;
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        RootTools.run(command);
    }
}
