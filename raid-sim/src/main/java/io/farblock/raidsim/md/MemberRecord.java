package io.farblock.raidsim.md;

import io.farblock.blockdev.raid.MdSuperblock;
import java.util.List;
import java.util.UUID;

/**
 * What one member knows of itself and of the others, at one event of the array. An immutable value.
 *
 * @param number              of the member, from 0; its index into the roles.
 * @param device              the member's own uuid.
 * @param dataOffsetBytes     where its data begin.
 * @param dataBytes           what the array may use there, at least what it does use.
 * @param events              grows with each change of the array's state; the largest is the newest.
 * @param resyncOffsetBytes   up to where redundancy is right; {@link #CLEAN} for all of it.
 * @param recoveryOffsetBytes up to where a member that is being rebuilt is right, or {@link #IN_SYNC}; of a journal,
 *                            where it begins.
 * @param updatedSeconds      since 1970, when this was written.
 * @param journal             whether the array has a journal.
 * @param roles               by member number: a slot, or one of {@link MdSuperblock}'s ROLE constants.
 */
public record MemberRecord(int number, UUID device, long dataOffsetBytes, long dataBytes, long events,
    long resyncOffsetBytes, long recoveryOffsetBytes, long updatedSeconds, boolean journal, List<Integer> roles)
{
    /** Nothing is to be resynced. */
    public static final long CLEAN = Long.MAX_VALUE;
    /** Nothing is to be rebuilt. */
    public static final long IN_SYNC = -1;

    public MemberRecord
    {
        roles = List.copyOf(roles);
        if (number < 0 || number >= roles.size() || roles.size() > MdSuperblock.MAX_ROLES)
        {
            throw new IllegalArgumentException("number=" + number + " of " + roles.size() +
                " roles, expected one of them and at most " + MdSuperblock.MAX_ROLES + " roles");
        }
        if (events < 0 || dataOffsetBytes < 0 || dataBytes < 0 || resyncOffsetBytes < 0)
        {
            throw new IllegalArgumentException("events=" + events + ", data " + dataOffsetBytes + "+" + dataBytes +
                ", resync offset " + resyncOffsetBytes + ", expected nothing negative");
        }
    }

    /** This member's role. */
    public int role()
    {
        return roles.get(number);
    }
}
