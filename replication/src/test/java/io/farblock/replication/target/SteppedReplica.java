package io.farblock.replication.target;

import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import io.farblock.replication.MediaStorage;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.merkle.NaiveTree;
import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.FuzzedConnection;
import io.farblock.replication.paths.Network;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.Refusals;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import io.farblock.replication.target.ReplicaComponent.Asked;
import io.farblock.replication.target.ReplicaComponent.Sealed;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.AckDecoder;
import io.farblock.replication.wire.sbe.AttemptState;
import io.farblock.replication.wire.sbe.BeginEpochEncoder;
import io.farblock.replication.wire.sbe.HelloEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.OpenVolumeEncoder;
import io.farblock.replication.wire.sbe.SealEpochEncoder;
import io.farblock.replication.wire.sbe.TreePagesDecoder;
import io.farblock.replication.wire.sbe.TreeQueryEncoder;
import io.farblock.replication.wire.sbe.VolumeRootEncoder;
import io.farblock.replication.wire.sbe.VolumeStateDecoder;
import io.farblock.replication.wire.sbe.ZeroBlocksEncoder;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One life of a target on recorded media, and the source that talks to it: one line, one thread, no failures but the
 * power's. What the source hears is noted at the moment when it does.
 */
final class SteppedReplica implements Network
{
    private static final MessageHeaderEncoder HEADER = new MessageHeaderEncoder();
    private static final int MOST_STEPS = 2000;
    private static final int STEPS_TO_REST = 5;
    private static final long STEP_NS = 1_000_000;
    private static final int REFUSED = 65535;

    private final Witness witness;
    private final SteppedTarget target;
    private final FuzzedConnection connection;
    private final Digest digest = new Digest();
    private Supplier<ConnectionHandler> listener;
    private long nowNs;
    private long sequence;
    private long attempt;
    private long epoch;
    private final List<ByteBuffer> before = new ArrayList<>();
    private ByteBuffer held;
    private int opened;
    private boolean sealed;
    private String refusal = "";

    /** Starts it, which recovers what is there. */
    SteppedReplica(final Media media, final Witness witness, final long life)
    {
        this.witness = witness;
        final List<TargetConfig.Replica> replicas = new ArrayList<>();
        for (int volume = 0; volume < ReplicaComponent.BLOCKS.length; volume++)
        {
            replicas.add(new TargetConfig.Replica("alpha", "g", "v" + volume, ReplicaComponent.device(volume), ""));
        }
        target = new SteppedTarget(
            new TargetConfig("beta", media.directory(), List.of(new InetSocketAddress(0)), replicas, 1 << 24, 0, 1,
                1 << 16, ReplicaComponent.BLOCK_BYTES),
            new TargetRuntime(this, new MediaStorage(media), () -> nowNs, life));
        connection = new FuzzedConnection(listener.get(), 1 << 16, this::heard);
        say(buffer -> new HelloEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sessionHigh(life).sessionLow(1).blockBytes(ReplicaComponent.BLOCK_BYTES).linkSerial(1).pathIndex((short)0)
            .site("alpha").path("p").limit());
    }

    List<ReplicaStatus> status()
    {
        return target.status().replicas();
    }

    void drop()
    {
        connection.cut();
        target.drop();
    }

    /** Lets it do what it does by itself. */
    void rest() throws Exception
    {
        for (int i = 0; i < STEPS_TO_REST; i++)
        {
            step();
        }
    }

    /** Sends an epoch with some changes and waits until it is applied. */
    void seal(final long newEpoch, final SplittableRandom random) throws Exception
    {
        epoch = newEpoch;
        open();
        final Asked present = present();
        final List<List<Long>> contents = new ArrayList<>();
        for (int volume = 0; volume < ReplicaComponent.BLOCKS.length; volume++)
        {
            contents.add(changed(present.of(volume), random));
        }
        witness.note(new Asked(epoch, contents.get(0), contents.get(1)));
        sealed = false;
        before.clear();
        for (int volume = 0; volume < contents.size(); volume++)
        {
            before.add(held(volume));
        }
        say(buffer -> new BeginEpochEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sequence(sequence++).attempt(++attempt).epoch(epoch).volumeGroup("g").limit());
        for (int volume = 0; volume < contents.size(); volume++)
        {
            send(volume, contents.get(volume));
        }
        say(buffer -> new SealEpochEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sequence(sequence++).attempt(attempt).epoch(epoch).consistency((short)1).limit());
        stepUntil(() -> sealed && status().stream().allMatch(each -> each.appliedEpoch() == epoch), "epoch " + epoch);
    }

    /** What the target holds, as the source would find by comparing trees; epoch 0 where nothing is known. */
    private Asked present()
    {
        final long found = status().get(0).sealedEpoch();
        return witness.facts(Asked.class).stream().filter(asked -> asked.epoch() == found)
            .reduce((older, newer) -> newer)
            .orElse(new Asked(0, Collections.nCopies(ReplicaComponent.BLOCKS[0], 0L),
                Collections.nCopies(ReplicaComponent.BLOCKS[1], 0L)));
    }

    private static List<Long> changed(final List<Long> before, final SplittableRandom random)
    {
        final List<Long> content = new ArrayList<>(before);
        for (int i = 1 + random.nextInt(3); i > 0; i--)
        {
            content.set(random.nextInt(content.size()), random.nextInt(4) == 0 ? 0 : random.nextLong());
        }
        return List.copyOf(content);
    }

    private void open() throws Exception
    {
        opened = 0;
        for (int volume = 0; volume < ReplicaComponent.BLOCKS.length; volume++)
        {
            final int number = volume;
            final int before = opened;
            for (int i = 0; opened == before && i < MOST_STEPS; i++)
            {
                // a target that still reads what it holds says so, and is asked again
                say(buffer -> new OpenVolumeEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
                    .requestId(number).sizeBytes((long)ReplicaComponent.BLOCKS[number] * ReplicaComponent.BLOCK_BYTES)
                    .blockBytes(ReplicaComponent.BLOCK_BYTES).volumeGroup("g").volume("v" + number).limit());
                step();
            }
            if (opened == before)
            {
                throw new AssertionError("volume " + volume + " cannot be opened: " + refusal + ", " + status());
            }
        }
    }

    /** The digests that the target says it has, as a source asks for them that does not know. */
    private ByteBuffer held(final int volume) throws Exception
    {
        final int pages = (ReplicaComponent.BLOCKS[volume] + 127) / 128;
        held = null;
        for (int i = 0; held == null && i < MOST_STEPS; i++)
        {
            say(buffer -> new TreeQueryEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
                .requestId(volume).firstPage(0).volumeId(volume).level((short)0).pageCount((short)pages).limit());
            step();
        }
        return held;
    }

    /** Sends what the target has not got. */
    private void send(final int volume, final List<Long> content) throws Exception
    {
        final ByteBuffer known = before.get(volume);
        final NaiveTree tree = new NaiveTree(content.size());
        for (int i = 0; i < content.size(); i++)
        {
            final int index = i;
            final byte[] bytes = ReplicaComponent.content(content.get(i));
            final byte[] found = new byte[32];
            digest.of(ByteBuffer.allocateDirect(bytes.length).put(0, bytes), found);
            tree.set(i, found);
            if (known.slice(i * found.length, found.length).equals(ByteBuffer.wrap(found)))
            {
                continue;
            }
            if (content.get(i) == 0)
            {
                say(buffer -> new ZeroBlocksEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
                    .sequence(sequence++).firstBlock(index).blockCount(1).volumeId(volume).limit());
            }
            else
            {
                arrive(Frames.block(sequence++, volume, i, bytes, 0));
            }
            step();
        }
        say(buffer -> new VolumeRootEncoder().wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, HEADER)
            .sequence(sequence++).volumeId(volume).putRoot(tree.root(), 0, 32).limit());
        step();
    }

    private void say(final ToIntFunction<UnsafeBuffer> body)
    {
        arrive(Frames.small(body));
    }

    private void arrive(final ByteBuffer frame)
    {
        connection.arrive(frame);
        if (connection.isClosed())
        {
            throw new AssertionError("the target closed the line in epoch " + epoch);
        }
    }

    private void heard(final UnsafeBuffer frame)
    {
        final int template = FrameRules.templateOf(frame);
        if (template == AckDecoder.TEMPLATE_ID)
        {
            final AckDecoder ack = new AckDecoder();
            ack.wrapAndApplyHeader(frame, Frame.BODY_OFFSET, new MessageHeaderDecoder());
            if (ack.attempt() == attempt && !sealed &&
                (ack.attemptState() == AttemptState.SEALED || ack.attemptState() == AttemptState.APPLIED))
            {
                sealed = true;
                witness.note(new Sealed(epoch));
            }
            if (ack.attempt() == attempt && ack.attemptState() == AttemptState.REFUSED)
            {
                throw new AssertionError("epoch " + epoch + " was refused: " + status());
            }
        }
        else if (template == TreePagesDecoder.TEMPLATE_ID)
        {
            held = pages(frame);
        }
        else if (template == VolumeStateDecoder.TEMPLATE_ID)
        {
            final VolumeStateDecoder state = new VolumeStateDecoder();
            state.wrapAndApplyHeader(frame, Frame.BODY_OFFSET, new MessageHeaderDecoder());
            final int volumeId = state.volumeId();
            opened += volumeId == REFUSED ? 0 : 1;
            refusal = volumeId == REFUSED ? state.reason() : "";
        }
    }

    private static ByteBuffer pages(final UnsafeBuffer frame)
    {
        final TreePagesDecoder pages = new TreePagesDecoder();
        pages.wrapAndApplyHeader(frame, Frame.BODY_OFFSET, new MessageHeaderDecoder());
        final byte[] bytes = new byte[pages.pagesLength()];
        pages.getPages(bytes, 0, bytes.length);
        return ByteBuffer.wrap(bytes);
    }

    private void stepUntil(final BooleanSupplier condition, final String what) throws Exception
    {
        for (int i = 0; !condition.getAsBoolean(); i++)
        {
            if (i > MOST_STEPS)
            {
                throw new AssertionError(what + " never comes: " + status());
            }
            step();
        }
    }

    private void step() throws Exception
    {
        nowNs += STEP_NS;
        for (final Agent agent : target.agents())
        {
            agent.doWork();
        }
    }

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
