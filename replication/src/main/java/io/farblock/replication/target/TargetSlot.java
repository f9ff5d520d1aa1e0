package io.farblock.replication.target;

import io.farblock.replication.lineage.Consistency;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One place in the target's ring: a frame at the place of its sequence. The network's thread fills the first part, a
 * verify stage the second; the ring's sequences hand it on.
 */
final class TargetSlot
{
    /** What is in the slot. */
    enum Kind
    {
        /** A frame of the stream. */
        FRAME,
        /** A new session begins here; what the old one left open is over. */
        SESSION,
        /** A place whose frame never came before its session ended. */
        VOID
    }

    final UnsafeBuffer frameView = new UnsafeBuffer(0, 0);
    /** The block, decompressed: a slice of one slab, next to its neighbours'. */
    final ByteBuffer slab;
    final int blockOffset;
    final byte[] digest = new byte[32];

    // written by the network's thread; the memory is exchanged with that of the connection, so it is never copied
    ByteBuffer frame;
    Kind kind;
    int frameBytes;
    int template;

    // written by verify: null when all is well
    String problem;
    int volumeId;
    long blockIndex;
    long blockCount;
    int lengthBytes;
    long attempt;
    long epoch;
    Consistency consistency;
    String group;

    TargetSlot(final ByteBuffer frame, final ByteBuffer slab, final int blockOffset)
    {
        this.frame = frame;
        this.slab = slab;
        this.blockOffset = blockOffset;
    }
}
