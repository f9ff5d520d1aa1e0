package io.farblock.blockdev.raid;

/**
 * What is going on with an array: the one thing that matters most, worst first. A pure function of what the kernel
 * said; {@link ArrayReason} adds the rest. What is not understood is {@link #UNKNOWN}, never healthy.
 *
 * <pre>
 *   GONE, INACTIVE     nothing to read or write
 *   FAILED             data is lost, or writes fail
 *   RESHAPING > REBUILDING > BUILDING     redundancy is being made
 *   DEGRADED           redundancy is lacking and nothing is being done
 *   CHECKING, REPAIRING > READ_ONLY, AUTO_READ_ONLY > ACTIVE, CLEAN
 * </pre>
 */
public enum ArrayState
{
    /** There is no such array (any more). */
    GONE,
    /** Assembled in part and not started, or being stopped. */
    INACTIVE,
    /** More members are lost than the level bears, or the kernel has given up: writes fail. */
    FAILED,
    /** Level, layout, chunk or number of members is being changed. */
    RESHAPING,
    /**
     * A spare or a replacement is being filled. The first sync of a RAID 5 or 6 looks the same, since the tools make it
     * by recovery onto the last member: until it is over the array is as unprotected as any degraded one.
     */
    REBUILDING,
    /** All members are there and are being made equal: after creation, or after an unclean stop. */
    BUILDING,
    /** A member is missing and nothing takes its place. */
    DEGRADED,
    /** All copies or parities are being compared. */
    CHECKING,
    /** The same, and differences are corrected. */
    REPAIRING,
    /** Writes are refused. */
    READ_ONLY,
    /** Like read-only until the first write. */
    AUTO_READ_ONLY,
    /** All is well; writes are going on, or were a moment ago. */
    ACTIVE,
    /** All is well, and all writes are on all members. */
    CLEAN,
    /** The kernel says something that this program does not know. */
    UNKNOWN;

    static ArrayState of(final MdArray array)
    {
        if (array.arrayState().isEmpty())
        {
            return GONE;
        }
        if (array.arrayState().equals("inactive") || array.arrayState().equals("clear"))
        {
            return INACTIVE;
        }
        return array.hasFailed() ? FAILED : ofAction(array);
    }

    private static ArrayState ofAction(final MdArray array)
    {
        final boolean degraded = array.missingMembers() > 0;
        return switch (array.syncAction())
        {
            case "reshape" -> RESHAPING;
            // the word also shows for a moment while the kernel looks for a spare and finds none
            case "recover" -> array.isFilling() ? REBUILDING : degraded ? DEGRADED : atRest(array);
            case "resync" -> BUILDING;
            case "check" -> degraded ? DEGRADED : CHECKING;
            case "repair" -> degraded ? DEGRADED : REPAIRING;
            case "", "idle", "frozen" -> degraded ? DEGRADED : atRest(array);
            default -> degraded ? DEGRADED : UNKNOWN;
        };
    }

    private static ArrayState atRest(final MdArray array)
    {
        return switch (array.arrayState())
        {
            case "readonly" -> READ_ONLY;
            case "read-auto" -> AUTO_READ_ONLY;
            case "active", "active-idle", "write-pending" -> ACTIVE;
            case "clean" -> CLEAN;
            default -> UNKNOWN;
        };
    }
}
