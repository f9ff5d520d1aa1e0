package io.farblock.replication.source;

import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.resync.TreeCompare;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.TreePagesDecoder;
import io.farblock.replication.wire.sbe.VolumeStateDecoder;
import java.io.IOException;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agrees with the target on where a group stands: asks for one volume after the other which copy it holds, and where
 * digests differ brings our table in line with the target's and asks again. Belongs to one session; whoever steps it
 * drops it when that is over.
 *
 * <pre>
 *   open volume ──> roots agree ──> next volume ... finished
 *       ^  └──────> roots differ ─> tree query ... adopted ─┐
 *       └────────────────────────────────────────────────────┘
 * </pre>
 *
 * Capture thread.
 */
final class OpenPass
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");
    /** No site gets there, with an epoch a nanosecond for 146 years; the next one's number must still be one. */
    private static final long LAST_EPOCH = Long.MAX_VALUE / 2;

    private final SourceGroup group;
    private final PeerRequests requests;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TreePagesDecoder treePages = new TreePagesDecoder();
    private int volumeIndex;
    private TreeCompare compare;
    private long newestEpoch;
    private Consistency consistency = Consistency.FUZZY;
    private String problem = "";
    private boolean retryable;

    OpenPass(final SourceGroup group, final PeerRequests requests)
    {
        this.group = group;
        this.requests = requests;
        requests.forget();
    }

    /** Whether every volume is open on the target and all digests agree. */
    boolean isFinished()
    {
        return volumeIndex == group.volumes().size();
    }

    /** Whether a volume's digests are being brought in line. */
    boolean isComparing()
    {
        return compare != null;
    }

    /** Why it cannot go on; empty while it can. */
    String problem()
    {
        return problem;
    }

    /** Whether the problem passes by itself. */
    boolean isRetryable()
    {
        return retryable;
    }

    /** The newest epoch that the target holds of any volume. */
    long newestEpoch()
    {
        return newestEpoch;
    }

    /** Asks the next question or takes its answer; not to be called when finished or with a problem. */
    int step()
    {
        if (requests.isWaiting())
        {
            return requests.poll(compare == null ? this::onVolumeState : this::onTreePages);
        }
        if (compare == null)
        {
            requests.openVolume(group.name(), volume());
        }
        else
        {
            requests.treeQuery(volume().volumeId(), compare.level(), compare.firstPage(), compare.pageCount());
        }
        return 1;
    }

    private void onVolumeState(final int template, final DirectBuffer frame)
    {
        if (template != VolumeStateDecoder.TEMPLATE_ID)
        {
            fail("the target's answer to the opening of a volume does not fit the question", true);
            return;
        }
        final VolumeAnswer answer = VolumeAnswer.of(frame);
        if (!answer.refusal().isEmpty())
        {
            fail(answer.refusal(), answer.retryable());
            return;
        }
        if (answer.sealedEpoch() < 0 || answer.sealedEpoch() > LAST_EPOCH)
        {
            fail("the target says that its copy is at epoch " + answer.sealedEpoch() + ", expected 0 to " + LAST_EPOCH,
                false);
            return;
        }
        volume().volumeId(answer.volumeId());
        newestEpoch = Math.max(newestEpoch, answer.sealedEpoch());
        consistency = answer.consistency();
        final byte[] ours = volume().table().root();
        if (Arrays.equals(ours, answer.root()))
        {
            volumeIndex++;
            return;
        }
        LOG.info("resync group={} volume={} ours={} theirs={} epoch={}", group.name(), volume().config().name(),
            Digest.hex(ours), Digest.hex(answer.root()), answer.sealedEpoch());
        compare = volume().compare();
        compare.nextQuestion();
    }

    private void onTreePages(final int template, final DirectBuffer frame)
    {
        treePages.wrapAndApplyHeader(frame, Frame.BODY_OFFSET, header);
        final int lengthBytes = treePages.pagesLength();
        final int offset = treePages.limit() + TreePagesDecoder.pagesHeaderLength();
        if (template != TreePagesDecoder.TEMPLATE_ID || !compare.answer(frame, offset, lengthBytes))
        {
            fail("the target's answer to a tree query does not fit the question", true);
        }
        else if (!compare.nextQuestion())
        {
            adopt();
        }
    }

    private void adopt()
    {
        try
        {
            volume().adopted(newestEpoch, consistency);
        }
        catch (final IOException ex)
        {
            fail(ex.getMessage(), false);
            return;
        }
        LOG.info("resync group={} volume={} state=done differing_blocks={}", group.name(),
            volume().config().name(), compare.differingBlocks());
        // The volume is asked for again: only a root that agrees now proves that every page came over right.
        compare = null;
    }

    private void fail(final String why, final boolean passes)
    {
        problem = why;
        retryable = passes;
    }

    private SourceVolume volume()
    {
        return group.volumes().get(volumeIndex);
    }
}
