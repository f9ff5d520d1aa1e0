package io.farblock.replication.source;

import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.ReceivedText;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.VolumeStateDecoder;
import org.agrona.DirectBuffer;

/**
 * What the target says when it is asked to open a volume: which copy it holds, or why it does not say. Immutable.
 *
 * @param volumeId    the target's handle for it; means nothing with a refusal.
 * @param sealedEpoch the newest epoch that its copy is at; 0 while there is none.
 * @param consistency of that epoch.
 * @param root        of the digests of its copy.
 * @param refusal     empty, or why it cannot be opened.
 * @param retryable   whether a refusal passes by itself.
 */
record VolumeAnswer(
    int volumeId, long sealedEpoch, Consistency consistency, byte[] root, String refusal, boolean retryable)
{
    /** Takes it from a whole frame, which is a VolumeState. */
    static VolumeAnswer of(final DirectBuffer frame)
    {
        final VolumeStateDecoder state = new VolumeStateDecoder();
        state.wrapAndApplyHeader(frame, Frame.BODY_OFFSET, new MessageHeaderDecoder());
        final byte[] root = new byte[VolumeStateDecoder.rootLength()];
        state.getRoot(root, 0, root.length);
        final int volumeId = state.volumeId();
        final Consistency consistency = Consistency.of(state.consistency());
        final boolean isRefused = volumeId == VolumeStateDecoder.volumeIdNullValue();
        final String reason = ReceivedText.shown(state.reason());
        return new VolumeAnswer(volumeId, state.sealedEpoch(), consistency, root,
            isRefused && reason.isEmpty() ? "refused by the target" : reason, state.retryable() == 1);
    }
}
