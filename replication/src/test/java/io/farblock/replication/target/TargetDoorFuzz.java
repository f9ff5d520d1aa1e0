package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.farblock.replication.Wakeup;
import io.farblock.replication.fuzz.FrameScript;
import io.farblock.replication.fuzz.Script;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.paths.FuzzedConnection;
import io.farblock.replication.paths.Refusal;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.HelloEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A target's door and what stands behind it: connections, the receiver, the ring and the verify stage. Whatever comes,
 * a connection is refused or a frame is kept; no window is exceeded, no memory is shared or grows, and a block that is
 * called good has the digest that it came with.
 */
final class TargetDoorFuzz
{
    private static final int SLOTS = 16;
    private static final int BLOCK_BYTES = 4096;
    private static final int SOURCE_LIMIT_BYTES = 64 * 1024;
    private static final int MOST_CONNECTIONS = 4;
    private static final int MOST_STEPS = 200;
    /** Beyond any window that so few steps could come to. */
    private static final long FAR = 1 << 16;
    private static final byte[] CLEAN = new byte[SLOTS * BLOCK_BYTES];
    private static final FrameScript FRAMES = new FrameScript(List.of("alpha", "g", "v", ""));
    private static final ByteBuffer GOOD_HELLO = hello(1, 0);
    private static final ByteBuffer SECOND_HELLO = hello(1, 1);
    private static final ByteBuffer OTHER_HELLO = hello(2, 2);

    static
    {
        Arrays.fill(CLEAN, (byte)0x5a);
    }

    private final Digest digest = new Digest();
    private final byte[] found = new byte[32];
    private final List<FuzzedConnection> connections = new ArrayList<>();
    private TargetRing ring;
    private PeerReceiver receiver;
    private VerifyStage verify;
    private TargetWriter writer;
    private final long[] runs = new long[8];
    private long nextSequence;
    private long nowNs;

    @FuzzTest
    void knock(final byte[] input)
    {
        connections.clear();
        nextSequence = 0;
        nowNs = Long.MAX_VALUE - 3;
        ring = new TargetRing(SLOTS * BLOCK_BYTES, BLOCK_BYTES, 1);
        writer = new TargetWriter();
        receiver = new PeerReceiver("alpha", ring, 99, writer, new Wakeup());
        verify = new VerifyStage(ring, 0);
        final Script script = new Script(input);
        try
        {
            for (int i = 0; i < MOST_STEPS && !script.isOver(); i++)
            {
                step(script);
                checkWindow();
            }
            checkMemory();
        }
        finally
        {
            verify.onClose();
        }
    }

    private void step(final Script script)
    {
        final int what = script.choice(16);
        final FuzzedConnection connection =
            connections.isEmpty() ? open() : connections.get(script.choice(connections.size()));
        switch (what)
        {
            case 0 -> open();
            case 1 -> connection.arrive(GOOD_HELLO);
            case 2 -> connection.arrive(script.choice(3) == 0 ? OTHER_HELLO : SECOND_HELLO);
            case 3 -> connection.cut();
            case 4 -> connection.arrive(ByteBuffer.wrap(script.octets(script.octet())));
            case 5, 6, 7, 8 -> connection.arrive(FRAMES.next(script));
            case 9, 10, 11 -> connection.arrive(block(script));
            case 12 -> connection.writable(script.choice(2) == 0);
            case 13 -> ring.applied.set(ring.verifiedUpTo());
            case 14 -> receiver.requests().read((type, buffer, index, lengthBytes) -> { });
            default -> verify();
        }
        connections.removeIf(FuzzedConnection::isOver);
    }

    private FuzzedConnection open()
    {
        if (connections.size() == MOST_CONNECTIONS)
        {
            return connections.get(0);
        }
        connections.add(new Line());
        return connections.get(connections.size() - 1);
    }

    /** A block as a source would send it, at the next place or near it. */
    private ByteBuffer block(final Script script)
    {
        final long sequence = nextSequence + (script.choice(8) == 7 ? script.number() - 8 : 0);
        nextSequence++;
        final byte[] content = new byte[1 + Math.abs((int)(script.number() % BLOCK_BYTES))];
        Arrays.fill(content, 0, content.length / 2, (byte)script.octet());
        final ByteBuffer frame = Frames.block(sequence, 0, script.number(), content, script.choice(2));
        if (script.choice(8) == 7)
        {
            frame.put(16 + script.octet() % (frame.capacity() - 16), (byte)script.octet());
            Frames.reseal(frame);
        }
        return frame;
    }

    private void verify()
    {
        final long from = ring.verifiedUpTo() + 1;
        ring.slab.put(0, CLEAN);
        verify.doWork();
        for (long place = from; place <= ring.verifiedUpTo(); place++)
        {
            final TargetSlot slot = ring.ring.get(place);
            final boolean isBlock = slot.kind == TargetSlot.Kind.FRAME && slot.template == BlockDecoder.TEMPLATE_ID;
            if (isBlock && slot.problem == null)
            {
                assertThat(slot.lengthBytes).isBetween(1, BLOCK_BYTES);
                assertThat(slot.blockIndex).isNotNegative();
                digest.of(ring.slab.slice(slot.blockOffset, slot.lengthBytes), found);
                assertThat(found).isEqualTo(slot.digest);
            }
            final int written = isBlock && slot.problem == null ? slot.lengthBytes : isBlock ? BLOCK_BYTES : 0;
            final int restBytes = BLOCK_BYTES - written;
            assertThat(ring.slab.slice(slot.blockOffset + written, restBytes)
                .mismatch(ByteBuffer.wrap(CLEAN, 0, restBytes))).isEqualTo(-1);
        }
    }

    private void checkWindow()
    {
        assertThat(ring.ring.getCursor() - ring.applied.get()).isBetween(0L, (long)SLOTS);
        assertThat(receiver.received()).isGreaterThanOrEqualTo(-1);
        assertThat(receiver.live()).isBetween(0, connections.size());
        final int found = receiver.ranges(runs);
        long next = receiver.received() + 1;
        for (int i = 0; i < found; i++)
        {
            assertThat(runs[2 * i]).isGreaterThanOrEqualTo(next);
            assertThat(runs[2 * i + 1]).isPositive();
            next = runs[2 * i] + runs[2 * i + 1];
        }
        assertThat(next - receiver.received()).isLessThanOrEqualTo(SLOTS + 1);
    }

    /** Frames are kept by exchanging memory: none may end up in two places, or be smaller than the next frame. */
    private void checkMemory()
    {
        final Set<ByteBuffer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int place = 0; place < SLOTS; place++)
        {
            final ByteBuffer memory = ring.ring.get(place).frame;
            assertThat(distinct.add(memory)).isTrue();
            assertThat(memory.capacity()).isEqualTo(receiver.frameLimitBytes());
        }
        connections.forEach(FuzzedConnection::cut);
        assertThat(receiver.live()).isZero();
    }

    private static ByteBuffer hello(final long session, final int pathIndex)
    {
        return Frames.of(buffer -> new HelloEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .sessionHigh(session).sessionLow(1).blockBytes(BLOCK_BYTES).linkSerial(1).pathIndex((short)pathIndex)
            .site("alpha").path("p").limit());
    }

    /** A frame is judged where it comes out whole: bytes before it may have swallowed it. */
    private final class Line extends FuzzedConnection
    {
        Line()
        {
            super(new TargetConnection(new OnePeer(), () -> nowNs++, writer), SOURCE_LIMIT_BYTES, said -> { });
        }

        @Override
        protected void judge(final UnsafeBuffer handled)
        {
            final long sequence =
                FrameRules.isStream(FrameRules.templateOf(handled)) ? FrameRules.sequenceOf(handled) : 0;
            assertThat(isClosed() || sequence >= 0 && sequence < FAR).as("sequence %d taken", sequence).isTrue();
        }
    }

    /** Knows the one receiver. */
    private final class OnePeer implements TargetConnection.Directory
    {
        @Override
        public PeerReceiver receiverOf(final String site)
        {
            return site.equals("alpha") ? receiver : null;
        }

        @Override
        public void refused(final Refusal kind, final String reason)
        {
            assertThat(reason).isNotEmpty();
        }
    }
}
