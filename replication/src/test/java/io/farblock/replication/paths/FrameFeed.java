package io.farblock.replication.paths;

import java.nio.ByteBuffer;

/**
 * Lends the frame assembler of real connections to simulated ones, so that a damaged byte there has the consequences
 * that it has here. Stepped by the simulation's thread.
 */
public final class FrameFeed
{
    /** Where whole, intact frames go. */
    public interface Sink
    {
        void onFrame(ReceivedFrame frame);
    }

    private final FrameAssembler assembler;
    private final Bytes bytes = new Bytes();

    public FrameFeed(final Sink sink, final int limitBytes)
    {
        assembler = new FrameAssembler(sink::onFrame, limitBytes);
    }

    public void frameLimit(final int limitBytes)
    {
        assembler.frameLimit(limitBytes);
    }

    /** Takes bytes in any pieces; null, or what is wrong with them. */
    public String accept(final byte[] data, final int offset, final int lengthBytes)
    {
        bytes.data = data;
        bytes.at = offset;
        bytes.end = offset + lengthBytes;
        return assembler.accept(bytes);
    }

    /** The connection was closed from within a sink: the rest of what came is dropped. */
    public void stop()
    {
        bytes.at = bytes.end;
    }

    private static final class Bytes implements FrameAssembler.Source
    {
        private byte[] data;
        private int at;
        private int end;

        @Override
        public int available()
        {
            return end - at;
        }

        @Override
        public void read(final ByteBuffer target)
        {
            final int length = target.remaining();
            target.put(data, at, length);
            at += length;
        }
    }
}
