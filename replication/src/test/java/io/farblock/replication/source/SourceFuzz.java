package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.farblock.replication.LinuxQuiesce;
import io.farblock.replication.TestStorage;
import io.farblock.replication.fuzz.FrameScript;
import io.farblock.replication.fuzz.Script;
import io.farblock.replication.merkle.TreeShape;
import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.FuzzedConnection;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.PathMode;
import io.farblock.replication.paths.SourceLines;
import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.VerifyResult;
import io.farblock.replication.wire.BlockCodec;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.AckDecoder;
import io.farblock.replication.wire.sbe.AckEncoder;
import io.farblock.replication.wire.sbe.AttemptState;
import io.farblock.replication.wire.sbe.BeginEpochDecoder;
import io.farblock.replication.wire.sbe.HeartbeatDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.OpenVolumeDecoder;
import io.farblock.replication.wire.sbe.RangeVerifiedEncoder;
import io.farblock.replication.wire.sbe.TreePagesEncoder;
import io.farblock.replication.wire.sbe.TreeQueryDecoder;
import io.farblock.replication.wire.sbe.VerifyRangeDecoder;
import io.farblock.replication.wire.sbe.VolumeStateEncoder;
import io.farblock.replication.wire.sbe.WelcomeEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A whole source whose target is a fuzzer that knows what it was asked and may answer that or anything else, on either
 * of two lines. No agent throws, all that is said can be read, and no epoch counts as sealed unless the target has said
 * so of this very attempt.
 */
final class SourceFuzz
{
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 20;
    private static final int MOST_STEPS = 100;
    private static final Path DEVICE = Path.of("/volume");
    private static final FrameScript FRAMES = new FrameScript(List.of("", "why"));
    private static final MessageHeaderEncoder HEADER = new MessageHeaderEncoder();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final Set<Long> vouched = new HashSet<>();
    private final List<FuzzedConnection> lines = new ArrayList<>();
    private Path directory;
    private TestStorage storage;
    private SteppedSource source;
    private CompletableFuture<EpochResult> job;
    private CompletableFuture<VerifyResult> verify;
    private long nowNs;
    private long lastSequence;
    private long lastAttempt;
    private long lastRequest;
    private int pagesAsked;
    private long heartbeatNs;

    @FuzzTest
    void converse(final byte[] input) throws Exception
    {
        directory = Files.createTempDirectory("source-fuzz");
        storage = new TestStorage();
        storage.disk(DEVICE, BLOCKS * BLOCK_BYTES);
        vouched.clear();
        lines.clear();
        job = null;
        verify = null;
        nowNs = Long.MAX_VALUE - 1_000_000_000;
        lastSequence = -1;
        lastAttempt = 0;
        heartbeatNs = 0;
        source = new SteppedSource(
            new SourceConfig("alpha", directory, "beta", List.of(path("fibre"), path("dsl")),
                PathMode.STRIPE, PeerLimits.NONE,
                List.of(new SourceConfig.Group("g", List.of(new SourceConfig.Volume("v", DEVICE, BLOCK_BYTES)))),
                1, 1, 1 << 17),
            new SourceRuntime(new Lines(), storage, new LinuxQuiesce(List.of(), () -> nowNs), () -> nowNs, () -> 42,
                now -> 0));
        try
        {
            final Script script = new Script(input);
            for (int i = 0; i < MOST_STEPS && !script.isOver(); i++)
            {
                work();
                step(script);
                work();
                check();
            }
        }
        finally
        {
            source.drop();
            remove();
        }
    }

    private void step(final Script script)
    {
        final int what = script.choice(16);
        final FuzzedConnection line = lines.isEmpty() ? null : lines.get(script.choice(lines.size()));
        switch (what)
        {
            case 0 -> ask(script);
            case 1 -> change(script);
            case 2 -> nowNs += (long)script.octet() * 20_000_000;
            default ->
            {
                if (line != null)
                {
                    answer(what, line, script);
                }
            }
        }
    }

    private void answer(final int what, final FuzzedConnection line, final Script script)
    {
        switch (what)
        {
            case 3 -> line.cut();
            case 4 -> line.writable(script.choice(2) == 0);
            case 5 -> arrive(line, welcome(script));
            case 6, 7 -> arrive(line, ack(script));
            case 8, 9 -> arrive(line, volumeState(script));
            case 10 -> arrive(line, treePages(script));
            case 11 -> arrive(line, rangeVerified(script));
            case 12 -> line.arrive(ByteBuffer.wrap(script.octets(script.octet())));
            default -> arrive(line, FRAMES.next(script));
        }
    }

    private void arrive(final FuzzedConnection line, final ByteBuffer frame)
    {
        final UnsafeBuffer view = new UnsafeBuffer(frame);
        if (FrameRules.templateOf(view) == AckDecoder.TEMPLATE_ID)
        {
            final AckDecoder ack = new AckDecoder().wrapAndApplyHeader(view, Frame.BODY_OFFSET, header);
            final int state = ack.attemptStateRaw();
            if (state == AttemptState.SEALED.value() || state == AttemptState.APPLIED.value())
            {
                vouched.add(ack.attempt());
            }
        }
        line.arrive(frame);
    }

    private void ask(final Script script)
    {
        if (script.choice(4) == 3)
        {
            verify = verify == null || verify.isDone() ? source.verify("g", script.choice(2) == 1) : verify;
        }
        else if (job == null || job.isDone())
        {
            job = source.epochNow("g");
        }
    }

    private void change(final Script script)
    {
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        block.put(script.octet() * 16, (byte)script.octet());
        storage.disk(DEVICE, 0).write((long)script.choice(BLOCKS) * BLOCK_BYTES, block, 0, BLOCK_BYTES);
    }

    private void work() throws Exception
    {
        for (int i = 0; i < 8; i++)
        {
            for (final Agent agent : source.agents())
            {
                agent.doWork();
            }
            nowNs += 1_000_000;
        }
        lines.removeIf(FuzzedConnection::isOver);
    }

    private void check() throws Exception
    {
        source.status();
        if (job != null && job.isDone() && job.get().sealed())
        {
            assertThat(vouched).contains(lastAttempt);
        }
    }

    /** Remembers what the next answer is about. */
    private void heard(final UnsafeBuffer frame)
    {
        final int template = FrameRules.templateOf(frame);
        if (FrameRules.isStream(template))
        {
            lastSequence = Math.max(lastSequence, FrameRules.sequenceOf(frame));
        }
        switch (template)
        {
            case BeginEpochDecoder.TEMPLATE_ID -> lastAttempt =
                new BeginEpochDecoder().wrapAndApplyHeader(frame, Frame.BODY_OFFSET, header).attempt();
            case HeartbeatDecoder.TEMPLATE_ID -> heartbeatNs =
                new HeartbeatDecoder().wrapAndApplyHeader(frame, Frame.BODY_OFFSET, header).sentNs();
            case OpenVolumeDecoder.TEMPLATE_ID -> lastRequest =
                new OpenVolumeDecoder().wrapAndApplyHeader(frame, Frame.BODY_OFFSET, header).requestId();
            case VerifyRangeDecoder.TEMPLATE_ID -> lastRequest =
                new VerifyRangeDecoder().wrapAndApplyHeader(frame, Frame.BODY_OFFSET, header).requestId();
            case TreeQueryDecoder.TEMPLATE_ID ->
            {
                final TreeQueryDecoder query =
                    new TreeQueryDecoder().wrapAndApplyHeader(frame, Frame.BODY_OFFSET, header);
                lastRequest = query.requestId();
                pagesAsked = query.pageCount();
            }
            default ->
            {
                // The other frames ask for nothing.
            }
        }
    }

    private ByteBuffer welcome(final Script script)
    {
        return Frames.small(buffer -> new WelcomeEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .incarnation(script.choice(8) == 7 ? 2 : 1)
            .receivedSequence(script.choice(8) == 7 ? script.number() : lastSequence)
            .windowFrames(1000).continued((short)(script.choice(8) == 7 ? 0 : 1)).limit());
    }

    private ByteBuffer ack(final Script script)
    {
        return Frames.small(buffer ->
        {
            final AckEncoder ack = new AckEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
                .receivedSequence(script.choice(8) == 7 ? script.number() : lastSequence)
                .heartbeatNs(heartbeatNs)
                .attempt(script.choice(8) == 7 ? script.number() : lastAttempt)
                .attemptState(AttemptState.values()[script.choice(5)])
                .retryable((short)script.choice(2));
            final int ranges = script.choice(4);
            final AckEncoder.RangesEncoder range = ack.rangesCount(ranges);
            for (int i = 0; i < ranges; i++)
            {
                range.next().firstSequence(script.number()).frameCount(script.number() & 0xFFFF_FFFFL);
            }
            final int links = script.choice(4);
            final AckEncoder.LinksEncoder link = ack.linksCount(links);
            for (int i = 0; i < links; i++)
            {
                link.next().receivedBytes(script.number()).linkSerial(1 + script.choice(2))
                    .pathIndex((short)script.choice(4));
            }
            return ack.reason(script.choice(4) == 3 ? "why" : "").limit();
        });
    }

    private ByteBuffer volumeState(final Script script)
    {
        final byte[] root = new byte[32];
        root[0] = (byte)script.choice(2);
        return Frames.small(buffer -> new VolumeStateEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .requestId(lastRequest).volumeId(script.choice(4) == 3 ? 0xFFFF : 0).sealedEpoch(script.number())
            .putRoot(root, 0, 32).retryable((short)script.choice(2)).consistency((short)(script.number() & 0xFF))
            .reason(script.choice(4) == 3 ? "why" : "").limit());
    }

    private ByteBuffer treePages(final Script script)
    {
        final byte[] pages = new byte[(script.choice(8) == 7 ? script.choice(16) : pagesAsked) * TreeShape.PAGE_BYTES];
        for (int i = script.choice(4); i > 0 && pages.length > 0; i--)
        {
            pages[script.octet() * 16 % pages.length] = (byte)script.octet();
        }
        return Frames.of(buffer -> new TreePagesEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .requestId(lastRequest).putPages(pages, 0, pages.length).limit());
    }

    private ByteBuffer rangeVerified(final Script script)
    {
        final ByteBuffer damaged = ByteBuffer.allocate(script.choice(4) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (damaged.hasRemaining())
        {
            damaged.putLong(script.number());
        }
        return Frames.small(buffer -> new RangeVerifiedEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .requestId(lastRequest).checkedBytes(script.number()).errorNumber((int)script.number())
            .putDamaged(damaged.array(), 0, damaged.capacity()).limit());
    }

    private void remove() throws IOException
    {
        try (Stream<Path> left = Files.walk(directory))
        {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }

    private static PathConfig path(final String name)
    {
        return new PathConfig(name, null, InetSocketAddress.createUnresolved("beta", 1));
    }

    /** Every attempt to connect succeeds. */
    private final class Lines extends SourceLines
    {
        @Override
        public void connect(final PathConfig path, final ConnectionHandler handler)
        {
            lines.add(new FuzzedConnection(handler, BlockCodec.frameBytes(BLOCK_BYTES), SourceFuzz.this::heard));
        }
    }
}
