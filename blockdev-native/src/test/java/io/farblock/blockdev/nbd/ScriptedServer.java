package io.farblock.blockdev.nbd;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server for one client that says what a test wants. Has a thread of its own until it is closed. */
final class ScriptedServer implements AutoCloseable
{
    /** What it does with its client. */
    interface Script
    {
        void serve(Conversation client) throws IOException;
    }

    private final ServerSocketChannel listener;
    private final NbdAddress address;
    private final Thread thread;

    ScriptedServer(final Path directory, final Script script)
    {
        try
        {
            address = NbdAddress.unix(Files.createTempDirectory(directory, "server").resolve("socket"));
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(address.path()));
        }
        catch (final IOException failed)
        {
            throw new UncheckedIOException(failed);
        }
        thread = new Thread(() -> serve(script), "nbd-scripted");
        thread.start();
    }

    NbdAddress address()
    {
        return address;
    }

    private void serve(final Script script)
    {
        try (SocketChannel client = listener.accept())
        {
            script.serve(new Conversation(client));
        }
        catch (final IOException gone)
        {
            // the client went, or the test ended: nothing left to say
        }
    }

    @Override
    public void close()
    {
        try
        {
            listener.close();
            thread.join();
        }
        catch (final IOException | InterruptedException failed)
        {
            throw new IllegalStateException(failed);
        }
    }

    /** The server's side of one connection. */
    static final class Conversation
    {
        private final SocketChannel socket;
        private final DataInputStream in;
        private final DataOutputStream out;
        private long cookie;

        Conversation(final SocketChannel socket)
        {
            this.socket = socket;
            in = new DataInputStream(Channels.newInputStream(socket));
            out = new DataOutputStream(Channels.newOutputStream(socket));
        }

        DataOutputStream out()
        {
            return out;
        }

        /** Of the request that was read last. */
        long cookie()
        {
            return cookie;
        }

        void greet() throws IOException
        {
            out.writeLong(Protocol.INIT_MAGIC);
            out.writeLong(Protocol.OPTION_MAGIC);
            out.writeShort(Protocol.HANDSHAKE_FIXED_NEWSTYLE | Protocol.HANDSHAKE_NO_ZEROES);
            in.readInt();
        }

        /** The whole handshake, with structured replies, for an export of this size. */
        void agree(final long sizeBytes) throws IOException
        {
            greet();
            readOption(Protocol.OPT_STRUCTURED_REPLY);
            answerOption(Protocol.OPT_STRUCTURED_REPLY, Protocol.REP_ACK, new byte[0]);
            refuseOption(Protocol.OPT_SET_META_CONTEXT, Protocol.REP_ERR_UNSUP);
            readOption(Protocol.OPT_GO);
            out.writeLong(Protocol.OPTION_REPLY_MAGIC);
            out.writeInt(Protocol.OPT_GO);
            out.writeInt(Protocol.REP_INFO);
            out.writeInt(12);
            out.writeShort(Protocol.INFO_EXPORT);
            out.writeLong(sizeBytes);
            out.writeShort(Protocol.FLAG_HAS_FLAGS | Protocol.FLAG_SEND_FLUSH);
            answerOption(Protocol.OPT_GO, Protocol.REP_ACK, new byte[0]);
        }

        void readOption(final int expected) throws IOException
        {
            in.readLong();
            final int option = in.readInt();
            in.readNBytes(in.readInt());
            if (option != expected)
            {
                throw new IOException("option " + option + " instead of " + expected);
            }
        }

        void refuseOption(final int option, final int error) throws IOException
        {
            readOption(option);
            answerOption(option, error, new byte[0]);
        }

        void answerOption(final int option, final int type, final byte[] data) throws IOException
        {
            out.writeLong(Protocol.OPTION_REPLY_MAGIC);
            out.writeInt(option);
            out.writeInt(type);
            out.writeInt(data.length);
            out.write(data);
        }

        void readRequest() throws IOException
        {
            in.readLong();
            cookie = in.readLong();
            in.readLong();
            in.readInt();
        }

        void answerRead(final byte[] data) throws IOException
        {
            readRequest();
            simpleReply(0, cookie);
            out.write(data);
        }

        void simpleReply(final int error, final long toCookie) throws IOException
        {
            out.writeInt(Protocol.SIMPLE_REPLY_MAGIC);
            out.writeInt(error);
            out.writeLong(toCookie);
        }

        /** The last chunk of a reply. */
        void chunk(final int type, final long toCookie, final byte[] data) throws IOException
        {
            out.writeInt(Protocol.CHUNK_MAGIC);
            out.writeShort(Protocol.CHUNK_FLAG_DONE);
            out.writeShort(type);
            out.writeLong(toCookie);
            out.writeInt(data.length);
            out.write(data);
        }

        void readToTheEnd() throws IOException
        {
            in.readAllBytes();
        }

        void close() throws IOException
        {
            socket.close();
        }
    }
}
