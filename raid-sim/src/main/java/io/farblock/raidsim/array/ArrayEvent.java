package io.farblock.raidsim.array;

/**
 * Something that happened to an array and that its owner should know. An immutable value.
 *
 * @param seconds since 1970.
 * @param kind    of event.
 * @param slot    it is about, or -1.
 * @param text    for people: which disk, and what.
 */
public record ArrayEvent(long seconds, Kind kind, int slot, String text)
{
    /** What can happen. */
    public enum Kind
    {
        /** A member was thrown out. */
        FAILED,
        /** More members are out than the level bears. */
        ARRAY_FAILED,
        /** A disk was added, or came back. */
        ADDED,
        /** A member or a spare was taken away. */
        REMOVED,
        /** A rebuild, replacement, resync or scrub began. */
        SYNC_STARTED,
        /** It ended; a scrub says what it found. */
        SYNC_ENDED,
        /** It was given up. */
        SYNC_STOPPED,
        /** A stretch of a member can neither be read nor computed. */
        LOST
    }
}
