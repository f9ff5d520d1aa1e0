package io.farblock.daemon.power.nut;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does to each connection what a test says, on a thread for each. Closing ends all of them. */
final class ScriptedServer implements AutoCloseable
{
    /** What it says of a UPS that is well. */
    static final String WELL = "BEGIN LIST VAR lab\nVAR lab ups.status \"OL\"\nEND LIST VAR lab\n";

    /** What happens on one connection; it is closed after that. */
    interface Script
    {
        void run(Talk talk) throws Exception;
    }

    /** One connection. */
    record Talk(Socket socket, int number)
    {
        /** The next line; an exception when the other side has gone. */
        String hear() throws IOException
        {
            final StringBuilder line = new StringBuilder();
            final InputStream in = socket.getInputStream();
            for (int next = in.read(); next != '\n'; next = in.read())
            {
                if (next < 0)
                {
                    throw new IOException("the client has gone");
                }
                line.append((char)next);
            }
            return line.toString();
        }

        void say(final String text) throws IOException
        {
            say(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void say(final byte[] bytes) throws IOException
        {
            final OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        /** Until the client closes. */
        void stay() throws IOException
        {
            while (socket.getInputStream().read() >= 0)
            {
                continue;
            }
        }
    }

    private final ServerSocket listening;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Thread acceptor = new Thread(this::accept, "scripted-server");

    ScriptedServer(final Script script) throws IOException
    {
        this.script = script;
        this.listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        acceptor.start();
    }

    int port()
    {
        return listening.getLocalPort();
    }

    /** How often somebody connected. */
    int accepted()
    {
        return accepted.get();
    }

    @Override
    public void close() throws IOException
    {
        listening.close();
        try
        {
            acceptor.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        open.forEach(ScriptedServer::closeQuietly);
    }

    private void accept()
    {
        try
        {
            while (true)
            {
                final Socket socket = listening.accept();
                open.add(socket);
                final Talk talk = new Talk(socket, accepted.incrementAndGet());
                new Thread(() -> talk(talk), "scripted-server").start();
            }
        }
        catch (final IOException ex)
        {
            // closed
        }
    }

    private void talk(final Talk talk)
    {
        try
        {
            script.run(talk);
            talk.socket.close();
        }
        catch (final Exception ex)
        {
            // The client has gone, which is what most of these servers want.
            closeQuietly(talk.socket);
        }
        open.remove(talk.socket);
    }

    private static void closeQuietly(final Socket socket)
    {
        try
        {
            socket.close();
        }
        catch (final IOException ex)
        {
            // It is gone either way.
        }
    }
}
