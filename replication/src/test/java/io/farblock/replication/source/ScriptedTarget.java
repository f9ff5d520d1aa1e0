package io.farblock.replication.source;

import io.farblock.replication.paths.ConnectionHandler;
import io.farblock.replication.paths.FakeConnection;
import io.farblock.replication.paths.PathConfig;
import io.farblock.replication.paths.ReceivedFrames;
import io.farblock.replication.paths.SourceLines;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.AckEncoder;
import io.farblock.replication.wire.sbe.AttemptState;
import io.farblock.replication.wire.sbe.BeginEpochDecoder;
import io.farblock.replication.wire.sbe.HeartbeatDecoder;
import io.farblock.replication.wire.sbe.HelloDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.OpenVolumeDecoder;
import io.farblock.replication.wire.sbe.RangeVerifiedEncoder;
import io.farblock.replication.wire.sbe.SealEpochDecoder;
import io.farblock.replication.wire.sbe.VerifyRangeDecoder;
import io.farblock.replication.wire.sbe.VolumeStateEncoder;
import io.farblock.replication.wire.sbe.WelcomeEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/** A target that is only frames: it seals whatever comes, and says of its volumes what the test wants. One thread. */
final class ScriptedTarget extends SourceLines
{
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private Supplier<Answer> answers;
    private ConnectionHandler handler;
    private long incarnation = 1;
    private long received = -1;
    private long attempt;
    private AttemptState state = AttemptState.NONE;
    private int questions;
    private long[] damaged = {};

    /** What it says when it is asked for a volume. */
    record Answer(int volumeId, long sealedEpoch, byte[] root, boolean retryable, String reason)
    {
    }

    static Answer holds(final long epoch, final byte[] root)
    {
        return new Answer(0, epoch, root, true, "");
    }

    static Answer refuses(final String reason, final boolean retryable)
    {
        return new Answer(0xFFFF, 0, new byte[32], retryable, reason);
    }

    void answers(final Supplier<Answer> newAnswers)
    {
        answers = newAnswers;
    }

    /** The blocks that it calls damaged, whatever range it is asked for. */
    void damaged(final long... blocks)
    {
        damaged = blocks;
    }

    /** How often it was asked for a volume. */
    int questions()
    {
        return questions;
    }

    /** Another process in its place, which remembers no session. */
    void restart()
    {
        incarnation++;
        received = -1;
        attempt = 0;
        state = AttemptState.NONE;
        handler.onClosed("the target died");
    }

    @Override
    public void connect(final PathConfig path, final ConnectionHandler newHandler)
    {
        handler = newHandler;
        handler.onOpened(new Incoming());
    }

    private ByteBuffer answerTo(final ByteBuffer frame, final int offset, final int lengthBytes)
    {
        view.wrap(frame, offset, lengthBytes);
        final int template = FrameRules.templateOf(view);
        if (FrameRules.isStream(template))
        {
            received = FrameRules.sequenceOf(view);
        }
        return switch (template)
        {
            case HelloDecoder.TEMPLATE_ID -> welcome();
            case HeartbeatDecoder.TEMPLATE_ID ->
                ack(new HeartbeatDecoder().wrapAndApplyHeader(view, Frame.BODY_OFFSET, header).sentNs());
            case OpenVolumeDecoder.TEMPLATE_ID ->
                volumeState(new OpenVolumeDecoder().wrapAndApplyHeader(view, Frame.BODY_OFFSET, header).requestId());
            case VerifyRangeDecoder.TEMPLATE_ID ->
                verified(new VerifyRangeDecoder().wrapAndApplyHeader(view, Frame.BODY_OFFSET, header).requestId());
            case BeginEpochDecoder.TEMPLATE_ID ->
            {
                attempt = new BeginEpochDecoder().wrapAndApplyHeader(view, Frame.BODY_OFFSET, header).attempt();
                state = AttemptState.OPEN;
                yield ack(0);
            }
            case SealEpochDecoder.TEMPLATE_ID ->
            {
                state = AttemptState.SEALED;
                yield ack(0);
            }
            default -> ack(0);
        };
    }

    private ByteBuffer welcome()
    {
        return Frames.of(buffer -> new WelcomeEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .incarnation(incarnation).receivedSequence(received).windowFrames(1000).continued((short)1).limit());
    }

    private ByteBuffer ack(final long heartbeatNs)
    {
        return Frames.of(buffer ->
        {
            final AckEncoder ack = new AckEncoder()
                .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
                .receivedSequence(received).heartbeatNs(heartbeatNs).attempt(attempt).attemptState(state)
                .retryable((short)1);
            ack.rangesCount(0);
            ack.linksCount(0);
            return ack.reason("").limit();
        });
    }

    private ByteBuffer verified(final long requestId)
    {
        final ByteBuffer blocks = ByteBuffer.allocate(damaged.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(damaged).forEach(blocks::putLong);
        return Frames.of(buffer -> new RangeVerifiedEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .requestId(requestId).checkedBytes(1 << 20).errorNumber(0)
            .putDamaged(blocks.array(), 0, blocks.capacity()).limit());
    }

    private ByteBuffer volumeState(final long requestId)
    {
        questions++;
        final Answer answer = answers.get();
        return Frames.of(buffer -> new VolumeStateEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .requestId(requestId).volumeId(answer.volumeId).sealedEpoch(answer.sealedEpoch)
            .putRoot(answer.root, 0, 32).retryable((short)(answer.retryable ? 1 : 0)).reason(answer.reason).limit());
    }

    /** Answers every frame at once. */
    private final class Incoming extends FakeConnection
    {
        @Override
        public boolean send(
            final ByteBuffer head, final int headOffset, final int headBytes,
            final ByteBuffer tail, final int tailOffset, final int tailBytes)
        {
            final ByteBuffer answer = answerTo(head, headOffset, headBytes).order(ByteOrder.LITTLE_ENDIAN);
            handler.onFrame(this, ReceivedFrames.of(answer, Frame.CONTROL_LIMIT_BYTES));
            return true;
        }
    }
}
