package io.farblock.daemon.net;

import io.farblock.daemon.demo.SelfCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link PathProxyTool} at the target's end of a laboratory, one line of it for each of the laboratory's: it listens
 * beside the target on the same address. Orders return the moment at which they were obeyed. One thread.
 */
final class PathProxySession implements AutoCloseable
{
    private static final long LIMIT_SECONDS = 10;

    private final List<InetSocketAddress> listen = new ArrayList<>();
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    /** @param targets where each line leads. */
    PathProxySession(final NetLab lab, final int bufferBytes, final int port, final List<InetSocketAddress> targets)
        throws IOException
    {
        final List<String> arguments = new ArrayList<>(List.of("" + bufferBytes));
        for (int line = 0; line < targets.size(); line++)
        {
            listen.add(new InetSocketAddress(NetLab.targetAddress(line), port));
            arguments.add(PlainStreams.text(listen.get(line)));
            arguments.add(PlainStreams.text(targets.get(line)));
        }
        final List<String> command = new ArrayList<>(lab.atTarget());
        command.addAll(SelfCommand.of(PathProxyTool.class.getName(), arguments.toArray(new String[0])));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        answers = process.inputReader();
        orders = new PrintWriter(process.outputWriter(), true);
        if (!"ready".equals(answers.readLine()))
        {
            close();
            throw new IOException("the proxy did not start");
        }
    }

    /** Where each line begins. */
    List<InetSocketAddress> addresses()
    {
        return listen;
    }

    /** @param microseconds each way. */
    void delay(final int line, final long microseconds) throws IOException
    {
        order("delay " + line + " " + TimeUnit.MICROSECONDS.toNanos(microseconds));
    }

    long hold(final int line, final long milliseconds) throws IOException
    {
        return order("hold " + line + " " + TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }

    long damage(final int line, final long seed) throws IOException
    {
        return order("damage " + line + " " + seed);
    }

    long silence(final int line) throws IOException
    {
        return order("silence " + line);
    }

    long end(final int line) throws IOException
    {
        return order("end " + line);
    }

    long reset(final int line) throws IOException
    {
        return order("reset " + line);
    }

    long mend(final int line) throws IOException
    {
        return order("mend " + line);
    }

    @Override
    public void close()
    {
        process.destroyForcibly().onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    private long order(final String order) throws IOException
    {
        orders.println(order);
        final String answer = answers.readLine();
        if (answer == null)
        {
            throw new IOException("the proxy died over \"" + order + "\"");
        }
        return Long.parseLong(answer);
    }
}
