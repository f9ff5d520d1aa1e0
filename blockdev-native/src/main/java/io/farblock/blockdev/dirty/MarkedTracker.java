package io.farblock.blockdev.dirty;

/**
 * A tracker whose marks can be looked at without being taken, and added to: what has to be written down so that it
 * outlives a boot, and what is brought back after one. The same one thread at a time as for the rest.
 */
public interface MarkedTracker extends DirtyTracker
{
    /** Unit of a look, so that what is written down is small: sixteen granules. */
    int UNIT_BYTES = 16 * DirtyMap.GRANULE_BYTES;
    /** Words of a look that belong together; a look is at whole groups. */
    int WORDS_PER_GROUP = 4;
    /** What a group stands for. */
    long GROUP_BYTES = (long)WORDS_PER_GROUP * 64 * UNIT_BYTES;

    /** Of the volume. */
    long sizeBytes();

    /** Whether it goes on with marks of an earlier process; otherwise it knows of nothing before it was opened. */
    boolean takenOver();

    /**
     * Everything that the loss of the marks would lose: what is marked, and what was harvested and is neither sealed
     * nor put back. Takes nothing and changes nothing. What is in flight is marked, so it is there.
     *
     * @param firstGroup where to begin.
     * @param words      overwritten: bit u of word w stands for unit {@code 256 * firstGroup + 64 * w + u}; a
     *                   multiple of {@link #WORDS_PER_GROUP} words.
     * @return false only if nothing is set.
     */
    boolean peek(long firstGroup, long[] words);

    /** Marks a range as if it had been written now; what lies beyond the volume's end is left out. */
    void mark(long offsetBytes, long lengthBytes);
}
