package io.farblock.replication.paths;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts frames together from the bytes of one connection. A length is checked against the limit before a byte of the
 * body is stored, and memory never grows beyond that limit. After a frame that is wrong nothing on the connection can
 * be trusted, not even where the next frame begins: the caller closes it.
 *
 * <p>Single-threaded: the connection's event loop.
 */
final class FrameAssembler
{
    /** Where whole, intact frames go. */
    interface Sink
    {
        void onFrame(ReceivedFrame frame);
    }

    /** Bytes that arrive, in any pieces. */
    interface Source
    {
        int available();

        /** Fills {@code target} from its position to its limit. */
        void read(ByteBuffer target);
    }

    private final Sink sink;
    private final Frame frame = new Frame();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final ReceivedFrame received;
    private int filled;
    private int wanted = Frame.BODY_OFFSET;

    FrameAssembler(final Sink sink, final int limitBytes)
    {
        this.sink = sink;
        this.received = new ReceivedFrame(AlignedBuffers.allocate(limitBytes), limitBytes);
    }

    /** Changes the limit; called between frames, from within the sink at the earliest. */
    void frameLimit(final int newLimitBytes)
    {
        received.limit(newLimitBytes);
    }

    /**
     * Takes everything from the source.
     *
     * @return null, or what is wrong with the bytes.
     */
    String accept(final Source source)
    {
        while (source.available() > 0)
        {
            final int take = Math.min(source.available(), wanted - filled);
            final ByteBuffer memory = received.memory();
            memory.limit(filled + take).position(filled);
            source.read(memory);
            memory.clear();
            filled += take;
            if (filled == wanted)
            {
                final String problem = wanted == Frame.BODY_OFFSET ? header() : body();
                if (problem != null)
                {
                    return problem;
                }
            }
        }
        return null;
    }

    private String header()
    {
        final int bodyBytes = received.memory().getInt(Frame.LENGTH_OFFSET);
        final int limitBytes = received.limitBytes();
        if (!FrameRules.isLengthAllowed(bodyBytes, limitBytes))
        {
            return "frame length " + (bodyBytes & 0xFFFF_FFFFL) + ", expected at most " +
                (limitBytes - Frame.BODY_OFFSET) + ": not a Farblock frame, or one larger than announced";
        }
        wanted = Frame.BODY_OFFSET + bodyBytes;
        return null;
    }

    private String body()
    {
        final int frameBytes = wanted;
        filled = 0;
        wanted = Frame.BODY_OFFSET;
        final ByteBuffer memory = received.memory();
        view.wrap(memory, 0, frameBytes);
        if (!frame.isIntact(view, memory, 0, frameBytes))
        {
            return "frame of " + frameBytes + " bytes with a wrong CRC32C: damaged on the way";
        }
        received.received(frameBytes);
        sink.onFrame(received);
        return null;
    }
}
