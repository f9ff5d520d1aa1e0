package io.farblock.daemon.pairing;

import io.farblock.replication.identity.pairing.PairingCodec;
import io.farblock.replication.identity.pairing.PairingException;
import io.farblock.replication.identity.pairing.PairingSession;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * One connection of a pairing, over by a fixed moment however slowly bytes come. One thread; a peer that is silent,
 * gone or no farblock is an exception, and only this connection's.
 */
final class PairingLine
{
    private final Socket socket;
    private final NanoClock clock;
    private final long endNs;

    /** @param limitNs how long all of it may take, from now. */
    PairingLine(final Socket socket, final NanoClock clock, final long limitNs)
    {
        this.socket = socket;
        this.clock = clock;
        this.endNs = clock.nanoTime() + limitNs;
    }

    /**
     * Carries messages until the session is over.
     *
     * @throws IOException      when the other side is silent for too long, hangs up, or says more than a message.
     * @throws PairingException when what comes is no message.
     */
    void carry(final PairingSession session) throws IOException, PairingException
    {
        send(session.begin());
        while (!session.isOver())
        {
            send(session.receive(receive()));
        }
    }

    private void send(final byte[] message) throws IOException
    {
        // Never waits: all messages of a pairing together are smaller than any socket's buffer.
        socket.getOutputStream().write(message);
    }

    private byte[] receive() throws IOException, PairingException
    {
        final byte[] header = new byte[PairingCodec.HEADER_BYTES];
        fill(header, 0);
        final byte[] message = Arrays.copyOf(header, header.length + PairingCodec.bodyBytes(header));
        fill(message, header.length);
        return message;
    }

    private void fill(final byte[] bytes, final int from) throws IOException
    {
        final InputStream in = socket.getInputStream();
        for (int at = from; at < bytes.length;)
        {
            // Anew before each read: one byte a second must not carry a connection past its end.
            socket.setSoTimeout(millisLeft(clock, endNs));
            final int count = in.read(bytes, at, bytes.length - at);
            if (count < 0)
            {
                throw new EOFException("it hung up");
            }
            at += count;
        }
    }

    /** For a socket, to which 0 means for ever. */
    static int millisLeft(final NanoClock clock, final long endNs) throws SocketTimeoutException
    {
        final long leftNs = endNs - clock.nanoTime();
        if (leftNs <= 0)
        {
            throw new SocketTimeoutException("the time is up");
        }
        return (int)Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
    }
}
