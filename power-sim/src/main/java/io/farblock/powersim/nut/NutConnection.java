package io.farblock.powersim.nut;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.agrona.concurrent.NanoClock;

/**
 * One client's socket, on a thread of its own until either side closes it: lines in, answers out. A line that is too
 * long or does not end in time ends the connection, as does silence; anybody may close it from outside.
 */
final class NutConnection implements AutoCloseable
{
    /** More than any command that there is. */
    private static final int LONGEST_LINE = 1024;
    private static final long HANG_POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final NutSession session;
    private final SSLContext tls;
    private final NutLimits limits;
    private final NanoClock clock;
    private final byte[] line = new byte[LONGEST_LINE];
    private final Socket plain;
    /** What bytes go through: {@link #plain}, or TLS over it. The connection's thread only. */
    private Socket socket;
    private InputStream in;
    private volatile boolean closed;
    private volatile long heardNs;
    private volatile boolean isLoggedIn;

    /** @param tls null when there is no certificate. */
    NutConnection(final Socket socket, final NutSession session, final SSLContext tls, final NutLimits limits,
        final NanoClock clock)
    {
        this.plain = socket;
        this.socket = socket;
        this.session = session;
        this.tls = tls;
        this.limits = limits;
        this.clock = clock;
        this.heardNs = clock.nanoTime();
    }

    /** When a whole line came last. */
    long heardNs()
    {
        return heardNs;
    }

    boolean isLoggedIn()
    {
        return isLoggedIn;
    }

    /** Until the connection ends. @param isHanging whether the server is to take requests and say nothing. */
    void run(final BooleanSupplier isHanging)
    {
        try
        {
            in = socket.getInputStream();
            boolean goesOn = true;
            while (goesOn && !closed)
            {
                final String request = readLine();
                goesOn = request != null && answer(request, isHanging);
            }
        }
        catch (final IOException gone)
        {
            // the client sees the end of its connection; there is nobody else to tell
        }
        finally
        {
            session.end();
            close();
        }
    }

    private boolean answer(final String request, final BooleanSupplier isHanging)
        throws IOException
    {
        heardNs = clock.nanoTime();
        while (isHanging.getAsBoolean() && !closed)
        {
            LockSupport.parkNanos(HANG_POLL_NS);
        }
        final NutReply reply = session.answer(request);
        isLoggedIn = session.isLoggedIn();
        write(reply.text());
        if (reply.then() == NutReply.Then.ENCRYPT)
        {
            encrypt();
        }
        return reply.then() != NutReply.Then.CLOSE;
    }

    private void write(final String text) throws IOException
    {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private void encrypt() throws IOException
    {
        final SSLSocket wrapped = (SSLSocket)tls.getSocketFactory().createSocket(
            plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        wrapped.setUseClientMode(false);
        wrapped.setSoTimeout(millis(limits.idleNs()));
        wrapped.startHandshake();
        socket = wrapped;
        in = wrapped.getInputStream();
    }

    /** Null at the end of the stream. */
    private String readLine() throws IOException
    {
        final long deadlineNs = clock.nanoTime() + limits.idleNs();
        int length = 0;
        while (true)
        {
            socket.setSoTimeout(millis(deadlineNs - clock.nanoTime()));
            final int next = in.read();
            if (next < 0)
            {
                return null;
            }
            if (next == '\n')
            {
                return new String(line, 0, length, StandardCharsets.UTF_8);
            }
            if (length == LONGEST_LINE)
            {
                write("ERR INVALID-ARGUMENT\n");
                return null;
            }
            line[length++] = (byte)next;
        }
    }

    private static int millis(final long leftNs) throws SocketTimeoutException
    {
        if (leftNs <= 0)
        {
            throw new SocketTimeoutException("no whole line came in time");
        }
        return (int)Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs));
    }

    /** From any thread; the connection's own ends soon after. */
    @Override
    public void close()
    {
        closed = true;
        try
        {
            plain.close();
        }
        catch (final IOException harmless)
        {
            // it is gone either way
        }
    }
}
