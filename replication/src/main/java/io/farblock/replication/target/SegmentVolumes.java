package io.farblock.replication.target;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.journal.JournalSegment;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.OpenVolumeDecoder;
import io.farblock.replication.wire.sbe.OpenVolumeEncoder;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which volume a handle in a segment's records means. The segment begins with one OpenVolume record for each volume,
 * whose request id is the handle, so that it can be read by a later life that gives other handles.
 */
final class SegmentVolumes
{
    private final ReplicaGroup group;
    private final Int2ObjectHashMap<ReplicaVolume> volumes = new Int2ObjectHashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OpenVolumeDecoder openVolume = new OpenVolumeDecoder();

    SegmentVolumes(final ReplicaGroup group)
    {
        this.group = group;
    }

    /** Writes the records; 0 or -errno. */
    static int describe(final JournalSegment segment, final ReplicaGroup group, final HandleOf handles)
    {
        final ByteBuffer memory = AlignedBuffers.allocate(Frame.CONTROL_LIMIT_BYTES);
        final UnsafeBuffer buffer = new UnsafeBuffer(memory);
        final OpenVolumeEncoder encoder = new OpenVolumeEncoder();
        final Frame frame = new Frame();
        for (final ReplicaVolume volume : group.volumes())
        {
            encoder.wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
                .requestId(handles.of(volume))
                .sizeBytes(volume.sizeBytes())
                .blockBytes(volume.blockBytes())
                .volumeGroup(group.name())
                .volume(volume.config().volume());
            final int result = segment.append(
                memory, 0, frame.seal(buffer, memory, 0, encoder.limit() - Frame.BODY_OFFSET));
            if (result < 0)
            {
                return result;
            }
        }
        return 0;
    }

    /** Takes one of those records. */
    void learn(final DirectBuffer record)
    {
        openVolume.wrapAndApplyHeader(record, Frame.BODY_OFFSET, header);
        final int handle = (int)openVolume.requestId();
        openVolume.skipVolumeGroup();
        final ReplicaVolume volume = group.volume(openVolume.volume());
        if (volume != null)
        {
            volumes.put(handle, volume);
        }
    }

    /** The volume; never null: a record of a volume that is not there makes the segment unusable before. */
    ReplicaVolume get(final int handle)
    {
        final ReplicaVolume volume = volumes.get(handle);
        if (volume == null)
        {
            throw new IllegalStateException("group " + group.name() + ": no volume has the handle " + handle);
        }
        return volume;
    }

    boolean has(final int handle)
    {
        return volumes.containsKey(handle);
    }

    /** Gives the handle of a volume. */
    interface HandleOf
    {
        int of(ReplicaVolume volume);
    }
}
