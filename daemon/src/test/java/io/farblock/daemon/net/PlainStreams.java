package io.farblock.daemon.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The rival: one plain TCP connection for each line, that is sent on as fast as it takes, between two small processes.
 * What they carry together is what a replication over the same lines could carry at most.
 *
 * <p>As a program it is either end; each connection has a thread. A process that is not told to end ends by itself.
 */
final class PlainStreams
{
    private static final int CHUNK_BYTES = 64 << 10;
    private static final long WARM_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SEND_NS = TimeUnit.MILLISECONDS.toNanos(1_800);
    private static final long LIMIT_SECONDS = 20;

    private PlainStreams()
    {
    }

    /**
     * Payload bytes a second that arrive on all addresses together, once under way.
     *
     * @param connect where the sender connects to, one for each line.
     * @param listen  where that arrives, in the same order.
     */
    static double bytesPerSecond(
        final NetLab lab, final List<InetSocketAddress> connect, final List<InetSocketAddress> listen)
        throws IOException, InterruptedException
    {
        final Process receiver = start(lab.atTarget(), "receive", listen);
        Process sender = null;
        try (BufferedReader results = receiver.inputReader())
        {
            if (!"ready".equals(results.readLine()))
            {
                throw new IOException("the receiver did not start");
            }
            sender = start(lab.atSource(), "send", connect);
            double sum = 0;
            for (int i = 0; i < listen.size(); i++)
            {
                final String rate = results.readLine();
                if (rate == null)
                {
                    throw new IOException("only " + i + " of " + listen.size() + " streams arrived");
                }
                sum += Double.parseDouble(rate);
            }
            return sum;
        }
        finally
        {
            LabProcess.end(receiver);
            LabProcess.end(sender);
        }
    }

    /** {@code send} or {@code receive}, and addresses as IP:PORT. */
    public static void main(final String[] arguments) throws Exception
    {
        final List<Thread> threads = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++)
        {
            final InetSocketAddress address = LabProcess.address(arguments[i]);
            if (arguments[0].equals("send"))
            {
                threads.add(thread(() -> send(address)));
            }
            else
            {
                final ServerSocket server = new ServerSocket();
                server.bind(address);
                threads.add(thread(() -> receive(server)));
            }
        }
        System.out.println("ready");
        for (final Thread thread : threads)
        {
            thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        }
    }

    private static Process start(final List<String> enter, final String what, final List<InetSocketAddress> addresses)
        throws IOException
    {
        final List<String> arguments = new ArrayList<>(List.of(what));
        addresses.forEach(address -> arguments.add(LabProcess.text(address)));
        return LabProcess.start(enter, PlainStreams.class, arguments);
    }

    private static void send(final InetSocketAddress address) throws IOException
    {
        final byte[] chunk = new byte[CHUNK_BYTES];
        try (Socket socket = new Socket(address.getAddress(), address.getPort()))
        {
            final OutputStream out = socket.getOutputStream();
            final long endNs = System.nanoTime() + SEND_NS;
            while (System.nanoTime() - endNs < 0)
            {
                out.write(chunk);
            }
        }
    }

    private static void receive(final ServerSocket server) throws IOException
    {
        final byte[] chunk = new byte[CHUNK_BYTES];
        try (server; Socket socket = server.accept())
        {
            final InputStream in = socket.getInputStream();
            long warmNs = 0;
            long lastNs = 0;
            long bytes = 0;
            int count = in.read(chunk);
            final long beginNs = System.nanoTime();
            // What comes after the sender's end was queued meanwhile, at the line's rate too.
            while (count >= 0)
            {
                lastNs = System.nanoTime();
                if (warmNs == 0)
                {
                    // A reader that was held up finds much at once: the time begins when there is nothing left of it.
                    warmNs = lastNs - beginNs > WARM_NS && in.available() == 0 ? lastNs : 0;
                }
                else
                {
                    bytes += count;
                }
                count = in.read(chunk);
            }
            synchronized (PlainStreams.class)
            {
                System.out.println(bytes * 1e9 / (lastNs - warmNs));
            }
        }
    }

    private static Thread thread(final Work work)
    {
        final Thread thread = new Thread(() ->
        {
            try
            {
                work.run();
            }
            catch (final IOException ex)
            {
                throw new IllegalStateException(ex);
            }
        }, "stream");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** One end of a connection. */
    private interface Work
    {
        void run() throws IOException;
    }
}
