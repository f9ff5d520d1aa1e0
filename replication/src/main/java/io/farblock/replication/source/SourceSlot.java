package io.farblock.replication.source;

import io.farblock.replication.paths.PathLink;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One place in the source's ring: a block on its way from the device to the acknowledgement, or a mark between blocks.
 * The stage that holds the slot owns all of it; the ring's sequences hand it on.
 */
final class SourceSlot
{
    /** What is in the slot. */
    enum Kind
    {
        /** A block that was read from the device. */
        BLOCK,
        /** A run of blocks that the device says are a hole. */
        HOLE,
        /** The epoch begins. */
        BEGIN,
        /** All of one volume has been captured: its root goes out. */
        ROOT,
        /** All of the epoch has been captured. */
        SEAL,
        /** The epoch cannot be finished. */
        ABORT
    }

    /** The block, as read: a slice of one slab, next to its neighbours', so that several are read in one call. */
    final ByteBuffer block;
    final int blockOffset;
    /** The frame's head, as sent; its whole, unless the block goes out as it is. */
    final ByteBuffer frame;
    final UnsafeBuffer frameView;
    final byte[] digest = new byte[32];

    // written by capture
    Kind kind;
    SourceVolume volume;
    EpochAttempt attempt;
    long blockIndex;
    long blockCount;
    int lengthBytes;

    // written by hash: -1 when nothing has to be sent
    long frameSequence;
    boolean zero;

    // written by compress: the frame is the head in frame, and the tail, which is the block as it was read or nothing
    int headBytes;
    int tailBytes;
    int payloadBytes;

    // written by send: the link that carries it, null while none does
    PathLink link;

    SourceSlot(final ByteBuffer slab, final int blockOffset, final ByteBuffer frame)
    {
        this.block = slab;
        this.blockOffset = blockOffset;
        this.frame = frame;
        this.frameView = new UnsafeBuffer(frame);
    }

    void begin(final Kind newKind, final EpochAttempt newAttempt, final SourceVolume newVolume)
    {
        kind = newKind;
        attempt = newAttempt;
        volume = newVolume;
        blockIndex = 0;
        blockCount = 0;
        lengthBytes = 0;
        frameSequence = -1;
        zero = false;
        headBytes = 0;
        tailBytes = 0;
        payloadBytes = 0;
        link = null;
    }

    /** Whether it begins or ends something, and carries no block. */
    boolean isMark()
    {
        return kind != Kind.BLOCK && kind != Kind.HOLE;
    }

    int frameBytes()
    {
        return headBytes + tailBytes;
    }
}
