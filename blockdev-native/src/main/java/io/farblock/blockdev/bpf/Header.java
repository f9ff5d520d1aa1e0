package io.farblock.blockdev.bpf;

/**
 * The first words of a volume's map: whose it is, what programs count, and what is known to be missing. Since they are
 * in the kernel, they outlive the process exactly as long as the marks that they speak of. Constants only.
 *
 * <pre>
 *    0  magic and version          2,3  volume           4,5  boot
 *    6  sequence number of the disk  7  its size         8,9  first sector, sectors of the volume
 *   10  device                      11  slot              12  time of the last harvest (ms), for a gap's begin
 *   13  runs that all copies may have skipped, at the begin of a write; 14 at its end; both as last accounted for
 *   16..19  counters, added to by programs                24..27  the same, as last accounted for
 *   32 + 4 * cause  a gap: begin (ms), end (ms) or 0, count
 * </pre>
 */
final class Header
{
    static final int WORDS = 128;
    /** "farblk" and the version of layout and programs; 0 until the map is ready. */
    static final long MAGIC_AND_VERSION = 0x6661_7262_6c6b_0001L;

    static final int MAGIC = 0;
    static final int VOLUME = 2;
    static final int BOOT = 4;
    static final int SEQUENCE = 6;
    static final int DISK_BYTES = 7;
    static final int FIRST_SECTOR = 8;
    static final int SECTORS = 9;
    static final int DEVICE = 10;
    static final int SLOT = 11;
    static final int LAST_HARVEST_MS = 12;
    static final int SKIPPED_BEGINS = 13;
    static final int SKIPPED_ENDS = 14;

    static final int FOREIGN = 16;
    static final int OUT_OF_RANGE = 17;
    static final int TABLE_FULL = 18;
    /** A range that is too long for the levels: everything is dirty. Not a gap. */
    static final int EVERYTHING = 19;
    static final int ACCOUNTED = 8;

    static final int GAPS = 32;
    static final int GAP_WORDS = 4;

    private Header()
    {
    }
}
