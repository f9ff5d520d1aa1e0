package io.farblock.blockdev.dirty;

/**
 * Why a tracker may have missed a write. The order is stored beside the kernel's map: new causes go to the end.
 */
public enum GapCause
{
    /** Tracking began, and what was written before is not known: the first time, or after a boot. */
    ATTACHED("tracking began later than the first write"),
    /** Writes were in flight when tracking began, on a device whose ends of writes cannot be marked. */
    BUSY_ATTACH("writes were in flight when tracking began"),
    /** All copies of a program may have skipped the same event. */
    SKIPPED_RUNS("the kernel skipped all copies of a program"),
    /** A command that changes data without saying where: pass-through, zone management. */
    FOREIGN_REQUEST("a pass-through command may have changed data"),
    /** More writes in flight than the table holds. */
    TABLE_FULL("too many writes in flight"),
    /** A write outside of what the device was when tracking began. */
    OUT_OF_RANGE("a write outside of the known size"),
    /** Another disk, medium or backing file under the same name. */
    DEVICE_REPLACED("the device was replaced"),
    /** Another size, or another place on the disk. */
    DEVICE_RESIZED("the device changed its size or place"),
    /** What was pinned is of an earlier boot. */
    REBOOTED("the machine was started anew"),
    /** What was pinned is damaged, half made, of another volume or another version. */
    STATE_LOST("the kernel's map is not of this volume"),
    /** Somebody removed the programs or took the volume out of their list. */
    DETACHED("tracking was detached"),
    /** The kernel no longer says what it must say for the others to be noticed. */
    UNCHECKED("the kernel could not be asked whether tracking is whole");

    private final String description;

    GapCause(final String description)
    {
        this.description = description;
    }

    /** Whether only a tracker that is opened anew can see what there is now. */
    public boolean needsNewTracker()
    {
        return this == DEVICE_REPLACED || this == DEVICE_RESIZED || this == DETACHED;
    }

    /** For people: "the device was replaced". */
    public String description()
    {
        return description;
    }
}
