package io.farblock.blockdev.nbd;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what a test wants, byte for byte. Waits on the test's thread. */
final class RawClient implements AutoCloseable
{
    /** A reply to an option. */
    record OptionReply(int type, byte[] data)
    {
    }

    /** A simple reply's error, or a chunk. */
    record Reply(long cookie, int type, int flags, int error, byte[] data)
    {
        long number(final int index)
        {
            return ByteBuffer.wrap(data).getLong(index);
        }

        int integer(final int index)
        {
            return ByteBuffer.wrap(data).getInt(index);
        }
    }

    static final int SIMPLE = -1;

    private final SocketChannel socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    RawClient(final NbdAddress address) throws IOException
    {
        socket = SocketChannel.open(UnixDomainSocketAddress.of(address.path()));
        in = new DataInputStream(Channels.newInputStream(socket));
        out = new DataOutputStream(Channels.newOutputStream(socket));
    }

    /** Connected and past the greeting. */
    static RawClient greeted(final NbdAddress address) throws IOException
    {
        final RawClient client = new RawClient(address);
        client.in.readFully(new byte[Protocol.GREETING_BYTES]);
        client.send(integer(Protocol.HANDSHAKE_FIXED_NEWSTYLE | Protocol.HANDSHAKE_NO_ZEROES));
        return client;
    }

    /** Past the handshake, with simple replies only. */
    static RawClient simple(final NbdAddress address, final String export) throws IOException
    {
        final RawClient client = greeted(address);
        client.go(export);
        return client;
    }

    /** Past the handshake, with structured replies and base:allocation. */
    static RawClient structured(final NbdAddress address, final String export) throws IOException
    {
        final RawClient client = greeted(address);
        client.option(Protocol.OPT_STRUCTURED_REPLY, new byte[0]);
        client.readAcknowledged();
        client.option(Protocol.OPT_SET_META_CONTEXT, contexts(export, Protocol.BASE_ALLOCATION));
        client.readAcknowledged();
        client.go(export);
        return client;
    }

    void send(final byte[] bytes) throws IOException
    {
        out.write(bytes);
        out.flush();
    }

    void option(final int option, final byte[] data) throws IOException
    {
        send(optionBytes(option, data));
    }

    static byte[] optionBytes(final int option, final byte[] data)
    {
        final ByteBuffer message = ByteBuffer.allocate(Protocol.OPTION_HEADER_BYTES + data.length);
        return message.putLong(Protocol.OPTION_MAGIC).putInt(option).putInt(data.length).put(data).array();
    }

    OptionReply readOptionReply() throws IOException
    {
        if (in.readLong() != Protocol.OPTION_REPLY_MAGIC)
        {
            throw new IOException("no reply to an option");
        }
        in.readInt();
        final int type = in.readInt();
        return new OptionReply(type, in.readNBytes(in.readInt()));
    }

    /** Skips to the last reply to an option, which must be an acknowledgement. */
    void readAcknowledged() throws IOException
    {
        OptionReply reply = readOptionReply();
        while (reply.type() == Protocol.REP_INFO || reply.type() == Protocol.REP_META_CONTEXT)
        {
            reply = readOptionReply();
        }
        if (reply.type() != Protocol.REP_ACK)
        {
            throw new IOException("refused: " + reply.type() + " " + new String(reply.data(), StandardCharsets.UTF_8));
        }
    }

    void request(final int flags, final int type, final long cookie, final long offset, final long length)
        throws IOException
    {
        send(requestBytes(flags, type, cookie, offset, length));
    }

    static byte[] requestBytes(
        final int flags, final int type, final long cookie, final long offset, final long length)
    {
        return ByteBuffer.allocate(Protocol.REQUEST_BYTES).putInt(Protocol.REQUEST_MAGIC).putShort((short)flags)
            .putShort((short)type).putLong(cookie).putLong(offset).putInt((int)length).array();
    }

    void write(final int flags, final long cookie, final long offset, final byte[] data) throws IOException
    {
        request(flags, Protocol.CMD_WRITE, cookie, offset, data.length);
        send(data);
    }

    /** @param readBytes what follows a simple reply without error. */
    Reply readReply(final int readBytes) throws IOException
    {
        final int magic = in.readInt();
        if (magic == Protocol.SIMPLE_REPLY_MAGIC)
        {
            final int error = in.readInt();
            final long cookie = in.readLong();
            return new Reply(cookie, SIMPLE, Protocol.CHUNK_FLAG_DONE, error,
                error == 0 ? in.readNBytes(readBytes) : new byte[0]);
        }
        if (magic != Protocol.CHUNK_MAGIC)
        {
            throw new IOException("no reply: " + Integer.toHexString(magic));
        }
        final int flags = in.readUnsignedShort();
        final int type = in.readUnsignedShort();
        final long cookie = in.readLong();
        final byte[] data = in.readNBytes(in.readInt());
        final int error = (type & Protocol.CHUNK_ERROR_BIT) != 0 ? ByteBuffer.wrap(data).getInt() : 0;
        return new Reply(cookie, type, flags, error, data);
    }

    /** Sends a request without payload; the error of its reply. */
    int errorOf(final int flags, final int type, final long offset, final long length) throws IOException
    {
        request(flags, type, 77, offset, length);
        return readReply(0).error();
    }

    /** Waits for the server to close the connection. */
    void readToTheEnd() throws IOException
    {
        try
        {
            in.readAllBytes();
        }
        catch (final IOException reset)
        {
            // closed with bytes unread: an end all the same
        }
    }

    static byte[] integer(final int value)
    {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    static byte[] info(final String export, final int... kinds)
    {
        final byte[] name = export.getBytes(StandardCharsets.UTF_8);
        final ByteBuffer data = ByteBuffer.allocate(Integer.BYTES + name.length + Short.BYTES * (1 + kinds.length));
        data.putInt(name.length).put(name).putShort((short)kinds.length);
        for (final int kind : kinds)
        {
            data.putShort((short)kind);
        }
        return data.array();
    }

    static byte[] contexts(final String export, final String... contexts) throws IOException
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final DataOutputStream data = new DataOutputStream(bytes);
        data.writeInt(export.length());
        data.writeBytes(export);
        data.writeInt(contexts.length);
        for (final String context : contexts)
        {
            data.writeInt(context.length());
            data.writeBytes(context);
        }
        return bytes.toByteArray();
    }

    private void go(final String export) throws IOException
    {
        option(Protocol.OPT_GO, info(export));
        readAcknowledged();
    }

    @Override
    public void close() throws IOException
    {
        socket.close();
    }
}
