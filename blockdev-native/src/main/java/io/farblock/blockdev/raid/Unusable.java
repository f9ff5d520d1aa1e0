package io.farblock.blockdev.raid;

/**
 * Why a write-intent bitmap cannot narrow a compare: everything has to be compared instead. An immutable value.
 *
 * @param cause  for the program.
 * @param reason for people: what was found, on which member, and what was expected.
 */
public record Unusable(Cause cause, String reason)
{
    /** The kinds of reason; each is an answer of its own in status and metrics. */
    public enum Cause
    {
        /** The member could not be read, or what it names lies outside of it. */
        UNREADABLE,
        /** No superblock of version 1.x: not a member, or metadata 0.90, IMSM or DDF. */
        NO_SUPERBLOCK,
        /** Two superblocks claim the member. */
        AMBIGUOUS_SUPERBLOCK,
        /** A superblock or bitmap header that contradicts its checksum or itself. */
        DAMAGED,
        /** The array has no bitmap, or keeps it in a file of another file system. */
        NO_BITMAP,
        /** A journal device makes the array consistent. */
        JOURNAL,
        /** A partial parity log makes the array consistent. */
        PARTIAL_PARITY_LOG,
        /** Several hosts share the array, each with a bitmap of its own. */
        CLUSTERED,
        /** A bitmap format that is not read here: the lockless one, or one of the writing host's byte order. */
        UNKNOWN_FORMAT,
        /** A level that has no bitmap or whose mapping is not known. */
        UNKNOWN_LEVEL,
        /** The array is changing its shape: offsets mean two things. */
        RESHAPING,
        /** The bitmap belongs to another array. */
        FOREIGN,
        /** The bitmap missed updates of the array, or says itself that it may not be trusted. */
        STALE,
        /** The bitmap covers another size than the array has. */
        SIZE_MISMATCH,
        /** Members that could have run the array alone are not here: they may know of later writes. */
        MEMBERS_MISSING
    }
}
