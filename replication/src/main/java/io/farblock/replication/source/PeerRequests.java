package io.farblock.replication.source;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.OpenVolumeEncoder;
import io.farblock.replication.wire.sbe.RangeVerifiedEncoder;
import io.farblock.replication.wire.sbe.TreePagesEncoder;
import io.farblock.replication.wire.sbe.TreeQueryEncoder;
import io.farblock.replication.wire.sbe.VerifyRangeEncoder;
import io.farblock.replication.wire.sbe.VolumeStateEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Asks the target one thing at a time and waits for the answer, asking again when none comes: either may be lost with a
 * path. Answers to older questions are dropped by their number, and what is no answer to such a question by its type.
 *
 * <p>Capture thread.
 */
final class PeerRequests
{
    private static final long REPEAT_NS = TimeUnit.SECONDS.toNanos(1);

    /** What to do with the answer. */
    interface ReplyHandler
    {
        /**
         * @param frame exactly the frame; valid during the call.
         */
        void onReply(int template, DirectBuffer frame);
    }

    private final OneToOneRingBuffer requests;
    private final OneToOneRingBuffer replies;
    private final NanoClock clock;
    private final ByteBuffer memory = AlignedBuffers.allocate(Frame.CONTROL_LIMIT_BYTES);
    private final UnsafeBuffer buffer = new UnsafeBuffer(memory);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final Frame frame = new Frame();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final OpenVolumeEncoder openVolume = new OpenVolumeEncoder();
    private final TreeQueryEncoder treeQuery = new TreeQueryEncoder();
    private final VerifyRangeEncoder verifyRange = new VerifyRangeEncoder();
    private final MessageHandler onReply = this::onReply;
    private ReplyHandler handler;
    private long lastRequest;
    private int awaitedTemplate;
    private boolean waiting;
    private int frameBytes;
    private long askedNs;

    PeerRequests(final OneToOneRingBuffer requests, final OneToOneRingBuffer replies, final NanoClock clock)
    {
        this.requests = requests;
        this.replies = replies;
        this.clock = clock;
    }

    void openVolume(final String group, final SourceVolume volume)
    {
        openVolume.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .requestId(++lastRequest)
            .sizeBytes(volume.sizeBytes())
            .blockBytes(volume.blockBytes())
            .volumeGroup(group)
            .volume(volume.config().name());
        ask(openVolume.limit(), VolumeStateEncoder.TEMPLATE_ID);
    }

    void treeQuery(final int volumeId, final int level, final long firstPage, final int pageCount)
    {
        treeQuery.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .requestId(++lastRequest)
            .firstPage(firstPage)
            .volumeId(volumeId)
            .level((short)level)
            .pageCount((short)pageCount);
        ask(treeQuery.limit(), TreePagesEncoder.TEMPLATE_ID);
    }

    void verifyRange(final int volumeId, final long firstBlock, final int blockCount, final boolean repair)
    {
        verifyRange.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, header)
            .requestId(++lastRequest)
            .firstBlock(firstBlock)
            .blockCount(blockCount)
            .volumeId(volumeId)
            .repair((short)(repair ? 1 : 0));
        ask(verifyRange.limit(), RangeVerifiedEncoder.TEMPLATE_ID);
    }

    /** Nothing is waited for any more. */
    void forget()
    {
        waiting = false;
    }

    boolean isWaiting()
    {
        return waiting;
    }

    /** Hands the awaited answer to {@code replyHandler} if it is there; asks again when it is overdue. */
    int poll(final ReplyHandler replyHandler)
    {
        handler = replyHandler;
        final int work = replies.read(onReply, 16);
        if (waiting && clock.nanoTime() - askedNs > REPEAT_NS)
        {
            send();
        }
        return work;
    }

    private void ask(final int bodyEnd, final int answerTemplate)
    {
        awaitedTemplate = answerTemplate;
        frameBytes = frame.seal(buffer, memory, 0, bodyEnd - Frame.BODY_OFFSET);
        waiting = true;
        send();
    }

    private void send()
    {
        askedNs = clock.nanoTime();
        requests.write(1, buffer, 0, frameBytes);
    }

    private void onReply(final int template, final MutableDirectBuffer ring, final int index, final int lengthBytes)
    {
        // Every answer's first field is the number of its question.
        final long request = ring.getLong(
            index + Frame.BODY_OFFSET + MessageHeaderEncoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
        if (waiting && request == lastRequest && template == awaitedTemplate &&
            FrameRules.isComplete(template, ring, index, lengthBytes))
        {
            waiting = false;
            view.wrap(ring, index, lengthBytes);
            handler.onReply(template, view);
        }
    }
}
