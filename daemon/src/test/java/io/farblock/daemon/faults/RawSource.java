package io.farblock.daemon.faults;

import io.farblock.replication.wire.BlockCodec;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.sbe.AckDecoder;
import io.farblock.replication.wire.sbe.AttemptState;
import io.farblock.replication.wire.sbe.BeginEpochEncoder;
import io.farblock.replication.wire.sbe.BlockEncoder;
import io.farblock.replication.wire.sbe.Encoding;
import io.farblock.replication.wire.sbe.HeartbeatEncoder;
import io.farblock.replication.wire.sbe.HelloEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.OpenVolumeEncoder;
import io.farblock.replication.wire.sbe.RefuseDecoder;
import io.farblock.replication.wire.sbe.VolumeStateDecoder;
import io.farblock.replication.wire.sbe.WelcomeDecoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A source that says on a socket whatever a test wants it to, in frames that are correct as frames. One thread. */
final class RawSource implements AutoCloseable
{
    private static final int TIMEOUT_MS = 20_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private final UnsafeBuffer buffer = new UnsafeBuffer(memory);
    private final Frame frame = new Frame();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder decoded = new MessageHeaderDecoder();
    private long sequence;

    RawSource(final InetSocketAddress target) throws IOException
    {
        socket.connect(target, TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    void hello(final String site, final long session) throws IOException
    {
        final HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .sessionHigh(session).sessionLow(session).blockBytes(65536).linkSerial(1)
            .pathIndex((short)0).site(site).path("raw");
        send(hello.limit());
        await(WelcomeDecoder.TEMPLATE_ID);
    }

    /** Returns the volume's handle. */
    int open(final String group, final String volume, final long sizeBytes) throws IOException
    {
        final OpenVolumeEncoder open = new OpenVolumeEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .requestId(1).sizeBytes(sizeBytes).blockBytes(65536).volumeGroup(group).volume(volume);
        send(open.limit());
        await(VolumeStateDecoder.TEMPLATE_ID);
        return new VolumeStateDecoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, decoded).volumeId();
    }

    void begin(final String group, final long attempt) throws IOException
    {
        final BeginEpochEncoder begin = new BeginEpochEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .sequence(sequence++).attempt(attempt).epoch(1).volumeGroup(group);
        send(begin.limit());
    }

    /** A block that says of itself what need not be true. */
    void block(final int volumeId, final long index, final long lengthBytes, final byte[] zstd) throws IOException
    {
        new BlockEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .sequence(sequence++).blockIndex(index).volumeId(volumeId).encoding(Encoding.ZSTD).reserved((short)0)
            .lengthBytes(lengthBytes).putDigest(new byte[32], 0, 32);
        buffer.putInt(BlockCodec.PAYLOAD_OFFSET - BlockEncoder.payloadHeaderLength(), zstd.length,
            ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(BlockCodec.PAYLOAD_OFFSET, zstd);
        send(BlockCodec.PAYLOAD_OFFSET + zstd.length);
    }

    /** Asks until the target says of the attempt that it is refused; returns why. */
    String awaitRefusal(final long attempt) throws IOException
    {
        final AckDecoder ack = new AckDecoder();
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        do
        {
            if (System.nanoTime() - endNs > 0)
            {
                throw new IOException("attempt " + attempt + " is not refused");
            }
            final HeartbeatEncoder heartbeat = new HeartbeatEncoder()
                .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header).sentNs(1).intervalMs(1000).acksHere((short)1);
            send(heartbeat.limit());
            await(AckDecoder.TEMPLATE_ID);
            ack.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, decoded);
        }
        while (ack.attempt() != attempt || ack.attemptState() != AttemptState.REFUSED);
        ack.ranges().forEach(range -> { });
        ack.links().forEach(link -> { });
        return ack.reason();
    }

    /** The refusal of the connection itself. */
    String awaitRefusedConnection() throws IOException
    {
        await(RefuseDecoder.TEMPLATE_ID);
        return new RefuseDecoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, decoded).reason();
    }

    /** A whole frame with one bit of its body turned. */
    void damagedFrame() throws IOException
    {
        final HeartbeatEncoder heartbeat = new HeartbeatEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header).sentNs(1).intervalMs(1000).acksHere((short)1);
        final int bytes = seal(buffer, heartbeat.limit());
        buffer.putByte(bytes - 1, (byte)(buffer.getByte(bytes - 1) ^ 1));
        write(bytes);
    }

    void raw(final byte[] bytes) throws IOException
    {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Reads until the other side hangs up. */
    void awaitHangUp() throws IOException
    {
        try
        {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        catch (final java.net.SocketException reset)
        {
            // As good as an end: what we sent was not read to its own.
        }
    }

    @Override
    public void close() throws IOException
    {
        socket.close();
    }

    private void send(final int bodyEnd) throws IOException
    {
        write(seal(buffer, bodyEnd));
    }

    private int seal(final MutableDirectBuffer target, final int bodyEnd)
    {
        return frame.seal(target, memory, 0, bodyEnd - Frame.BODY_OFFSET);
    }

    private void write(final int bytes) throws IOException
    {
        final byte[] copy = new byte[bytes];
        buffer.getBytes(0, copy);
        raw(copy);
    }

    /** Reads frames into the buffer until one is of this type. */
    private void await(final int template) throws IOException
    {
        int found;
        do
        {
            final int bodyBytes = Integer.reverseBytes(in.readInt());
            buffer.putInt(0, bodyBytes, ByteOrder.LITTLE_ENDIAN);
            final byte[] rest = in.readNBytes(bodyBytes + Integer.BYTES);
            buffer.putBytes(Integer.BYTES, rest);
            found = FrameRules.templateOf(new UnsafeBuffer(buffer, 0, bodyBytes + Frame.BODY_OFFSET));
            if (found == RefuseDecoder.TEMPLATE_ID && template != found)
            {
                throw new IOException("refused: " + new RefuseDecoder()
                    .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, decoded).reason());
            }
        }
        while (found != template);
    }
}
