package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.farblock.replication.TestStorage;
import io.farblock.replication.fuzz.FrameScript;
import io.farblock.replication.fuzz.Script;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.merkle.NaiveTree;
import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.FuzzedConnection;
import io.farblock.replication.paths.Network;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.Refusals;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.BeginEpochEncoder;
import io.farblock.replication.wire.sbe.HelloEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.OpenVolumeEncoder;
import io.farblock.replication.wire.sbe.SealEpochEncoder;
import io.farblock.replication.wire.sbe.TreeQueryEncoder;
import io.farblock.replication.wire.sbe.VerifyRangeEncoder;
import io.farblock.replication.wire.sbe.VolumeRootEncoder;
import io.farblock.replication.wire.sbe.ZeroBlocksEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A whole target, with journal, tables and replica, whose source is a fuzzer that knows how an epoch goes and may leave
 * that way at any frame. No agent throws, epochs never go back, and whenever the replica is called sealed its bytes
 * come to the root that is told, also after the process was killed and started again.
 */
final class TargetFuzz
{
    private static final int BLOCK_BYTES = 4096;
    /** So that a frame has room for a text as long as its length allows. */
    private static final int LARGEST_BLOCK_BYTES = 1 << 16;
    private static final int BLOCKS = 20;
    private static final int MOST_STEPS = 100;
    private static final int SOURCE_LIMIT_BYTES = 64 * 1024;
    private static final Path DEVICE = Path.of("/replica");
    private static final FrameScript FRAMES = new FrameScript(List.of("alpha", "g", "v", ""));
    private static final MessageHeaderEncoder HEADER = new MessageHeaderEncoder();

    private final Digest digest = new Digest();
    private Path directory;
    private TestStorage storage;
    private Supplier<ConnectionHandler> listener;
    private SteppedTarget target;
    private FuzzedConnection connection;
    private NaiveTree sent;
    private long nowNs;
    private long lives;
    private long session;
    private boolean isIntroduced;
    private long sequence;
    private long attempt;
    private long epoch;
    private long sealedEpoch;

    @FuzzTest
    void converse(final byte[] input) throws Exception
    {
        directory = Files.createTempDirectory("target-fuzz");
        storage = new TestStorage();
        storage.disk(DEVICE, BLOCKS * BLOCK_BYTES);
        sent = onDevice();
        nowNs = Long.MAX_VALUE - 1_000_000_000;
        lives = 0;
        session = 0;
        attempt = 0;
        epoch = 0;
        sealedEpoch = 0;
        start();
        try
        {
            final Script script = new Script(input);
            for (int i = 0; i < MOST_STEPS && !script.isOver(); i++)
            {
                step(script);
                work();
                check();
            }
        }
        finally
        {
            target.drop();
            remove();
        }
    }

    private void remove() throws IOException
    {
        try (Stream<Path> left = Files.walk(directory))
        {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }

    private void start()
    {
        target = new SteppedTarget(
            new TargetConfig("beta", directory, List.of(new InetSocketAddress(0)),
                List.of(new TargetConfig.Replica("alpha", "g", "v", DEVICE, "")),
                1 << 20, 0, 1, 1 << 20, LARGEST_BLOCK_BYTES),
            new TargetRuntime(new OneLine(), storage, () -> nowNs, ++lives));
        connect();
    }

    private void connect()
    {
        connection = new FuzzedConnection(listener.get(), SOURCE_LIMIT_BYTES, said -> { });
        isIntroduced = false;
        sequence = 0;
        session++;
    }

    private void step(final Script script) throws Exception
    {
        switch (script.choice(20))
        {
            case 0 -> hello();
            case 1 -> open();
            case 2 -> begin(script);
            case 3, 4 -> block(script);
            case 5 -> zeros(script);
            case 6 -> root();
            case 7 -> seal();
            case 8 -> wholeEpoch(script);
            case 9, 10, 11 -> connection.arrive(FRAMES.next(script));
            case 12 -> query(script);
            case 13 -> verify(script);
            case 14 -> connection.arrive(ByteBuffer.wrap(script.octets(script.octet())));
            case 15 -> connection.writable(script.choice(2) == 0);
            case 16 -> sequence += script.choice(3) - 1;
            case 17 -> nowNs += (long)script.octet() * 100_000_000;
            case 18 -> connection.cut();
            default -> restart();
        }
        if (connection.isOver())
        {
            connect();
        }
    }

    private void wholeEpoch(final Script script) throws Exception
    {
        if (!isIntroduced)
        {
            hello();
        }
        open();
        work();
        begin(script);
        block(script);
        root();
        seal();
    }

    /** As {@code kill -9} leaves it; the journal's files stay. */
    private void restart()
    {
        connection.cut();
        target.drop();
        start();
    }

    private void work() throws Exception
    {
        for (int i = 0; i < 12; i++)
        {
            for (final Agent agent : target.agents())
            {
                agent.doWork();
            }
        }
    }

    private void check()
    {
        final ReplicaStatus replica = target.status().replicas().get(0);
        assertThat(replica.sealedEpoch()).isGreaterThanOrEqualTo(sealedEpoch);
        sealedEpoch = replica.sealedEpoch();
        if (replica.state().equals("sealed"))
        {
            assertThat(replica.root()).isEqualTo(Digest.hex(onDevice().root()));
        }
    }

    private NaiveTree onDevice()
    {
        final NaiveTree tree = new NaiveTree(BLOCKS);
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        final byte[] found = new byte[32];
        for (int i = 0; i < BLOCKS; i++)
        {
            storage.disk(DEVICE, 0).read((long)i * BLOCK_BYTES, block, 0, BLOCK_BYTES);
            block.clear();
            digest.of(block, found);
            tree.set(i, found);
        }
        return tree;
    }

    private void hello()
    {
        isIntroduced = true;
        say(buffer -> new HelloEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sessionHigh(session).sessionLow(1).blockBytes(BLOCK_BYTES).linkSerial(1).pathIndex((short)0)
            .site("alpha").path("p").limit());
    }

    private void open()
    {
        say(buffer -> new OpenVolumeEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .requestId(1).sizeBytes(BLOCKS * BLOCK_BYTES).blockBytes(BLOCK_BYTES).volumeGroup("g").volume("v").limit());
    }

    /** What is on the device is what the next root builds on: also blocks of a first copy that came to nothing. */
    private void begin(final Script script)
    {
        sent = onDevice();
        epoch = script.choice(8) == 7 ? script.number() : epoch + 1;
        say(buffer -> new BeginEpochEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sequence(sequence++).attempt(++attempt).epoch(epoch).volumeGroup("g").limit());
    }

    private void block(final Script script)
    {
        final int index = script.choice(BLOCKS);
        final byte[] content = new byte[BLOCK_BYTES];
        Arrays.fill(content, 0, 1 + script.octet() * 16, (byte)(1 + script.choice(255)));
        final byte[] found = new byte[32];
        digest.of(ByteBuffer.allocateDirect(BLOCK_BYTES).put(0, content), found);
        sent.set(index, found);
        connection.arrive(Frames.block(sequence++, 0, index, content, 1));
    }

    private void zeros(final Script script)
    {
        final int first = script.choice(BLOCKS);
        final int count = 1 + script.choice(BLOCKS - first);
        sent.zero(first, count);
        say(buffer -> new ZeroBlocksEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sequence(sequence++).firstBlock(first).blockCount(count).volumeId(0).limit());
    }

    private void root()
    {
        say(buffer -> new VolumeRootEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sequence(sequence++).volumeId(0).putRoot(sent.root(), 0, 32).limit());
    }

    private void seal()
    {
        say(buffer -> new SealEpochEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sequence(sequence++).attempt(attempt).epoch(epoch).consistency((short)1).limit());
    }

    private void query(final Script script)
    {
        say(buffer -> new TreeQueryEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .requestId(2).firstPage(script.number()).volumeId(0).level((short)script.choice(3))
            .pageCount((short)script.choice(20)).limit());
    }

    private void verify(final Script script)
    {
        say(buffer -> new VerifyRangeEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .requestId(3).firstBlock(script.number()).blockCount(script.number() & 0xFFFF_FFFFL).volumeId(0)
            .repair((short)script.choice(2)).limit());
    }

    private void say(final ToIntFunction<UnsafeBuffer> body)
    {
        connection.arrive(Frames.small(body));
    }

    /** Remembers who listens. */
    private final class OneLine implements Network
    {
        @Override
        public void connect(final PathConfig path, final ConnectionHandler handler)
        {
            throw new IllegalStateException("a target does not connect");
        }

        @Override
        public void listen(
            final InetSocketAddress address, final Supplier<ConnectionHandler> handlers, final Refusals refusals)
        {
            listener = handlers;
        }

        @Override
        public void close()
        {
        }
    }
}
