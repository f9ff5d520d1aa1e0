package io.farblock.daemon.net;

import io.farblock.daemon.demo.SelfCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Small programs of the laboratory in processes of their own, and the addresses that they are given. Stateless. */
final class LabProcess
{
    private static final long LIMIT_SECONDS = 10;
    /** Most of such a program's life is its start. */
    private static final List<String> SMALL = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private LabProcess()
    {
    }

    /** Starts a program; what it complains of is seen among the test's own output. */
    static Process start(final List<String> enter, final Class<?> program, final List<String> arguments)
        throws IOException
    {
        final List<String> command = new ArrayList<>(enter);
        command.addAll(SelfCommand.of(program.getName(), arguments.toArray(new String[0])));
        // Later options win over those that this JVM was started with.
        command.addAll(command.indexOf("-cp"), SMALL);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Ends it, if it was started. */
    static void end(final Process process)
    {
        if (process != null)
        {
            process.destroyForcibly().onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    static String text(final InetSocketAddress address)
    {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    static InetSocketAddress address(final String text) throws IOException
    {
        final int colon = text.lastIndexOf(':');
        return new InetSocketAddress(
            InetAddress.getByName(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }
}
