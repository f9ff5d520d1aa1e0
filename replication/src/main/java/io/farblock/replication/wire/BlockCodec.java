package io.farblock.replication.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.BlockEncoder;
import io.farblock.replication.wire.sbe.Encoding;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns a block into the payload of a frame and back: zstd where that saves something, as it is where not. The only
 * user of zstd. One instance a thread; nothing is allocated per block.
 */
public final class BlockCodec implements AutoCloseable
{
    /** Where the payload begins in a Block frame. */
    public static final int PAYLOAD_OFFSET =
        Frame.BODY_OFFSET + MessageHeaderEncoder.ENCODED_LENGTH + BlockEncoder.BLOCK_LENGTH +
        BlockEncoder.payloadHeaderLength();

    /** Pieces of a block that are tried before the whole of it, spread over it. */
    private static final int SAMPLES = 8;
    private static final int SAMPLE_BYTES = 1024;

    private final ZstdCompressCtx compressor;
    private final ZstdDecompressCtx decompressor;
    private final ByteBuffer sample = AlignedBuffers.allocate(SAMPLES * SAMPLE_BYTES);
    private boolean lastStored;

    /** With {@code level} 0 nothing is compressed; a decoder takes both kinds whatever its level. */
    public BlockCodec(final int level)
    {
        compressor = level == 0 ? null : new ZstdCompressCtx().setLevel(level).setChecksum(false);
        decompressor = new ZstdDecompressCtx();
    }

    /** What a frame buffer must hold for blocks of {@code blockBytes}: compressing may need more room than it saves. */
    public static int frameBytes(final int blockBytes)
    {
        return PAYLOAD_OFFSET + (int)Zstd.compressBound(blockBytes) + Frame.OVERHEAD_BYTES;
    }

    /**
     * Compresses {@code block[blockOffset, blockOffset + lengthBytes)} to {@code frame} at {@link #PAYLOAD_OFFSET}.
     *
     * @return the payload's length; equal to {@code lengthBytes} when the payload is the block itself, not copied.
     */
    public int encode(final ByteBuffer block, final int blockOffset, final int lengthBytes, final ByteBuffer frame)
    {
        if (compressor != null && (!lastStored || isSampleSmaller(block, blockOffset, lengthBytes, frame)))
        {
            final int compressed = compress(block, blockOffset, lengthBytes, frame);
            lastStored = !isWorthwhile(compressed, lengthBytes);
            if (!lastStored)
            {
                return compressed;
            }
        }
        return lengthBytes;
    }

    /** What cannot be compressed comes in long runs: within one, a few pieces of a block tell whether it is over. */
    private boolean isSampleSmaller(
        final ByteBuffer block, final int blockOffset, final int lengthBytes, final ByteBuffer frame)
    {
        if (lengthBytes < 2 * sample.capacity())
        {
            return true;
        }
        final int strideBytes = (lengthBytes - SAMPLE_BYTES) / (SAMPLES - 1);
        for (int i = 0; i < SAMPLES; i++)
        {
            sample.put(i * SAMPLE_BYTES, block, blockOffset + i * strideBytes, SAMPLE_BYTES);
        }
        return isWorthwhile(compress(sample, 0, sample.capacity(), frame), sample.capacity());
    }

    private int compress(final ByteBuffer block, final int blockOffset, final int lengthBytes, final ByteBuffer frame)
    {
        return compressor.compressDirectByteBuffer(
            frame, PAYLOAD_OFFSET, frame.capacity() - PAYLOAD_OFFSET, block, blockOffset, lengthBytes);
    }

    /** A saving under 1/32 is not worth the other side's time to undo it. */
    private static boolean isWorthwhile(final int compressedBytes, final int lengthBytes)
    {
        return compressedBytes < lengthBytes - lengthBytes / 32;
    }

    /**
     * Undoes {@link #encode} into {@code target[targetOffset, targetOffset + block.lengthBytes())}.
     *
     * @param block decoder of the frame, positioned before its payload.
     * @return whether the payload came to exactly the announced length; never writes beyond it, whatever it contains.
     */
    public boolean decode(
        final BlockDecoder block, final ByteBuffer frame, final ByteBuffer target, final int targetOffset)
    {
        final int lengthBytes = (int)block.lengthBytes();
        final int payloadBytes = block.payloadLength();
        if (block.encoding() == Encoding.STORED)
        {
            if (payloadBytes != lengthBytes)
            {
                return false;
            }
            target.put(targetOffset, frame, PAYLOAD_OFFSET, lengthBytes);
            return true;
        }
        try
        {
            return decompressor.decompressDirectByteBuffer(
                target, targetOffset, lengthBytes, frame, PAYLOAD_OFFSET, payloadBytes) == lengthBytes;
        }
        catch (final ZstdException ex)
        {
            return false;
        }
    }

    /** Whether a Block frame is consistent in itself and its block fits into {@code blockLimitBytes}. */
    public static boolean isWellFormed(
        final BlockDecoder block, final UnsafeBuffer frame, final int blockLimitBytes)
    {
        final long lengthBytes = block.lengthBytes();
        return lengthBytes > 0 && lengthBytes <= blockLimitBytes && block.blockIndex() >= 0 &&
            frame.capacity() >= PAYLOAD_OFFSET &&
            block.encodingRaw() <= Encoding.ZSTD.value() &&
            block.payloadLength() == frame.capacity() - PAYLOAD_OFFSET &&
            block.payloadLength() <= lengthBytes;
    }

    @Override
    public void close()
    {
        if (compressor != null)
        {
            compressor.close();
        }
        decompressor.close();
    }
}
