package io.farblock.blockdev.raid;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The rest of a member's superblock: what one who runs the array needs, and a reader of bitmaps does not. An immutable
 * value, taken as it lies there; offsets are in sectors of 512 bytes. {@link MdSuperblock} draws where it lies.
 *
 * @param name                of the array, often after its home host's and a colon.
 * @param device              the member's own uuid.
 * @param createdSeconds      since 1970.
 * @param updatedSeconds      since 1970, when the superblock was written.
 * @param resyncOffset        up to where the array's redundancy was known to be right; unsigned, -1 for all of it.
 * @param recoveryOffset      up to where a member that is being rebuilt is right; of a journal, where it begins.
 * @param deviceFlags         1 = to be read only if need be, 2 = fails fast.
 * @param badBlockShift       unit of the bad block log: 512 bytes shifted left by it.
 * @param badBlockSectors     size of the bad block log, 0 for none.
 * @param badBlockOffset      of the bad block log from the superblock.
 */
public record MemberDetails(String name, UUID device, long createdSeconds, long updatedSeconds, long resyncOffset,
    long recoveryOffset, int deviceFlags, int badBlockShift, int badBlockSectors, int badBlockOffset)
{
    /** How many bytes a name can have. */
    public static final int NAME_BYTES = 32;

    private static final long SECONDS = (1L << 40) - 1;

    static MemberDetails parse(final ByteBuffer bytes)
    {
        return new MemberDetails(name(bytes), MdSuperblock.uuid(bytes, 168), bytes.getLong(64) & SECONDS,
            bytes.getLong(192) & SECONDS, bytes.getLong(208), bytes.getLong(152), bytes.get(184) & 0xff,
            bytes.get(185) & 0xff, bytes.getShort(186) & 0xffff, bytes.getInt(188));
    }

    private static String name(final ByteBuffer bytes)
    {
        final byte[] name = new byte[NAME_BYTES];
        bytes.get(32, name);
        int length = 0;
        while (length < NAME_BYTES && name[length] != 0)
        {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.UTF_8);
    }
}
