package io.farblock.blockdev.raid;

import java.util.List;
import java.util.Set;

/**
 * A disk or partition that an array consists of, as the kernel sees it. An immutable value.
 *
 * @param name      of the device: "sda1".
 * @param slot      its place in the array, or -1.
 * @param flags     the words of its state: in_sync, faulty, blocked, spare, want_replacement, replacement, …
 * @param errors    read errors that were corrected, so far.
 * @param badBlocks stretches of the device that are known to be bad; as many as fit one page.
 */
public record ArrayMember(String name, int slot, Set<String> flags, long errors, List<ByteRange> badBlocks)
{
    /** What a member does for its array. */
    public enum Role
    {
        /** Holds its part of the data. */
        IN_SYNC,
        /** Has a slot and is being filled. */
        REBUILDING,
        /** Is being filled to take the slot of a member that still works. */
        REPLACING,
        /** Waits for a slot. */
        SPARE,
        /** Was thrown out. */
        FAULTY,
        /** Journal device. */
        JOURNAL,
        /** The kernel did not say. */
        UNKNOWN
    }

    public Role role()
    {
        if (flags.contains("faulty"))
        {
            return Role.FAULTY;
        }
        if (flags.contains("journal"))
        {
            return Role.JOURNAL;
        }
        if (flags.contains("in_sync"))
        {
            return Role.IN_SYNC;
        }
        if (!flags.contains("spare"))
        {
            return Role.UNKNOWN;
        }
        return slot < 0 ? Role.SPARE : flags.contains("replacement") ? Role.REPLACING : Role.REBUILDING;
    }
}
