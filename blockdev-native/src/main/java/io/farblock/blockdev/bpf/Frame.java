package io.farblock.blockdev.bpf;

/**
 * What a program keeps in its stack frame, as offsets from the frame pointer; each is 8 bytes unless it says
 * otherwise. Constants only.
 */
final class Frame
{
    /** The address of the request or bio: the key of the table of writes in flight. */
    static final int WRITE = -8;
    /** u32 major, u32 minor. */
    static final int DEVICE = -16;
    /** Device, first and last sector: what the table holds of a write in flight. */
    static final int ENTRY = -40;
    static final int FIRST = ENTRY + TrackingMaps.ENTRY_FIRST;
    static final int LAST = ENTRY + TrackingMaps.ENTRY_LAST;
    /** Where the list of the disk's volumes is. */
    static final int WINDOWS = -48;
    /** Not 0: data change without saying where. */
    static final int FOREIGN = -56;
    /** Not 0: the table had no room. */
    static final int NOT_IN_TABLE = -64;
    /** Bytes that have ended, and bytes that the request had. */
    static final int ENDED = -72;
    static final int LENGTH = -80;
    /** How many volumes of the disk have been looked at. */
    static final int VISITED = -88;
    /** u32: index into a map. */
    static final int INDEX = -96;
    static final int FIRST_MASK = -104;
    static final int LAST_MASK = -112;

    private Frame()
    {
    }
}
