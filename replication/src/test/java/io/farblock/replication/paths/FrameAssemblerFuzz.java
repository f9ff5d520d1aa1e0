package io.farblock.replication.paths;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.farblock.replication.fuzz.Script;
import io.farblock.replication.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Bytes in any pieces become exactly the intact frames within the limit, up to the first that is wrong. */
final class FrameAssemblerFuzz
{
    private static final int LIMIT = 512;
    private static final int HEADER_BYTES = 8;
    private static final int MOST_BYTES = 1 << 14;

    private final List<byte[]> frames = new ArrayList<>();
    private byte[] stream;
    private int taken;
    private int pieceEnd;

    @FuzzTest
    void assemble(final byte[] input)
    {
        frames.clear();
        taken = 0;
        final Script pieces = new Script(Arrays.copyOf(input, Math.min(16, input.length)));
        stream = stream(new Script(Arrays.copyOfRange(input, Math.min(16, input.length), input.length)));
        final int[] largest = {LIMIT};
        final FrameAssembler[] self = new FrameAssembler[1];
        self[0] = new FrameAssembler(frame ->
        {
            frames.add(copyOf(frame));
            largest[0] = Math.max(largest[0], limitAfter(frames.size()));
            assertThat(frame.memory().capacity()).isBetween(frame.lengthBytes(), largest[0]);
            self[0].frameLimit(limitAfter(frames.size()));
        }, LIMIT);

        String problem = null;
        while (problem == null && taken < stream.length)
        {
            pieceEnd = Math.min(stream.length, taken + 1 + pieces.octet() * pieces.choice(4));
            problem = self[0].accept(new Pieces());
        }

        final List<byte[]> expected = new ArrayList<>();
        final int wrongAt = expect(expected);
        assertThat(frames).usingElementComparator(Arrays::compare).containsExactlyElementsOf(expected);
        assertThat(problem != null).isEqualTo(wrongAt >= 0);
        if (wrongAt >= 0)
        {
            assertThat(taken - wrongAt).as("bytes taken of the frame that is wrong")
                .isLessThanOrEqualTo(limitAfter(frames.size()));
        }
    }

    /** The limit grows and shrinks, as it does when a stranger has introduced itself. */
    private static int limitAfter(final int count)
    {
        return LIMIT << (count % 3);
    }

    /** Frames of which some are wrong, and garbage. */
    private static byte[] stream(final Script script)
    {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        while (!script.isOver() && stream.size() < MOST_BYTES)
        {
            final int kind = script.choice(8);
            final byte[] body = Arrays.copyOf(script.octets(script.octet()), (int)(script.number() & 0x7FF));
            if (kind == 7)
            {
                stream.writeBytes(body);
                continue;
            }
            final CRC32C crc = new CRC32C();
            crc.update(body);
            final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(kind == 6 ? (int)script.number() : body.length);
            header.putInt((int)crc.getValue() ^ (kind == 5 ? script.octet() : 0));
            stream.writeBytes(header.array());
            stream.writeBytes(body);
        }
        return stream.toByteArray();
    }

    /** Where the first wrong frame begins, or -1; those before it go to {@code expected}. Written from the manual. */
    private int expect(final List<byte[]> expected)
    {
        final ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (stream.length - at >= HEADER_BYTES)
        {
            final long body = bytes.getInt(at) & 0xFFFF_FFFFL;
            if (body < 8 || body > limitAfter(expected.size()) - HEADER_BYTES)
            {
                return at;
            }
            if (stream.length - at < HEADER_BYTES + body)
            {
                return -1;
            }
            final CRC32C crc = new CRC32C();
            crc.update(stream, at + HEADER_BYTES, (int)body);
            if ((int)crc.getValue() != bytes.getInt(at + Frame.CRC_OFFSET))
            {
                return at;
            }
            expected.add(Arrays.copyOfRange(stream, at, at + HEADER_BYTES + (int)body));
            at += HEADER_BYTES + (int)body;
        }
        return -1;
    }

    private static byte[] copyOf(final ReceivedFrame frame)
    {
        final byte[] copy = new byte[frame.lengthBytes()];
        frame.memory().get(0, copy);
        return copy;
    }

    /** The part of the stream that has arrived. */
    private final class Pieces implements FrameAssembler.Source
    {
        @Override
        public int available()
        {
            return pieceEnd - taken;
        }

        @Override
        public void read(final ByteBuffer target)
        {
            assertThat(target.remaining()).isBetween(1, available());
            final int length = target.remaining();
            target.put(stream, taken, length);
            taken += length;
        }
    }
}
