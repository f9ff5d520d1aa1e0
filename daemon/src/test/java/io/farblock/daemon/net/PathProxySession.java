package io.farblock.daemon.net;

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
    private static final int PORT = 7800;
    /** Twice what 400 Mbit/s put into a line of 40 ms each way, and more. */
    private static final int BUFFER_BYTES = 4 << 20;

    private final List<InetSocketAddress> listen = new ArrayList<>();
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    /**
     * Begins to start one before the target of that laboratory: {@link #awaitReady} has to follow.
     *
     * @param lab that it stands in.
     */
    PathProxySession(final NetLab lab) throws IOException
    {
        final List<String> arguments = new ArrayList<>(List.of("" + BUFFER_BYTES));
        for (final InetSocketAddress target : LabSites.listening(lab))
        {
            listen.add(new InetSocketAddress(target.getAddress(), PORT));
            arguments.add(LabProcess.text(listen.get(listen.size() - 1)));
            arguments.add(LabProcess.text(target));
        }
        process = LabProcess.start(lab.atTarget(), PathProxyTool.class, arguments);
        answers = process.inputReader();
        orders = new PrintWriter(process.outputWriter(), true);
    }

    /** @param delaysUs of each line, each way; none for no delay. */
    void awaitReady(final int... delaysUs) throws IOException
    {
        if (!"ready".equals(answers.readLine()))
        {
            throw new IOException("the proxy did not start");
        }
        for (int line = 0; line < delaysUs.length; line++)
        {
            order("delay " + line + " " + TimeUnit.MICROSECONDS.toNanos(delaysUs[line]));
        }
    }

    /** Where each line begins. */
    List<InetSocketAddress> addresses()
    {
        return listen;
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
        LabProcess.end(process);
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
