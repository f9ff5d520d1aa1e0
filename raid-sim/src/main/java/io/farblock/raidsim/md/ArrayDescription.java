package io.farblock.raidsim.md;

import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.blockdev.raid.MemberDetails;
import io.farblock.blockdev.raid.Raid10Layout;
import io.farblock.blockdev.raid.RaidLevel;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What all members of an array agree on, for as long as it lives. An immutable value; one that md could not run is
 * refused.
 *
 * @param array            the array's uuid.
 * @param name             at most 32 bytes, by custom HOST:NAME.
 * @param createdSeconds   since 1970.
 * @param level            0, 1, 4, 5, 6 or 10.
 * @param layout           as in the superblock: of RAID 5 and 6 the number of the parity rotation (2 = left-symmetric),
 *                         of RAID 10 see {@link Raid10Layout}; mdadm writes 1 for RAID 0 and 0 for RAID 1.
 * @param chunkBytes       unit of striping, a power of two; 0 for RAID 1.
 * @param raidDisks        slots.
 * @param memberBytes      what is used of each member: of the smallest, for RAID 0; a multiple of the chunk.
 * @param bitmapChunkBytes what a bit of the write-intent bitmap stands for, a power of two; 0 for no bitmap.
 */
public record ArrayDescription(UUID array, String name, long createdSeconds, RaidLevel level, int layout,
    int chunkBytes, int raidDisks, long memberBytes, long bitmapChunkBytes)
{
    static final int SECTOR_BYTES = 512;

    /** Beyond it sums of offsets could overflow. */
    private static final long MAX_ARRAY_BYTES = 1L << 60;
    /** What md wants of the chunk of a level that rotates. */
    private static final int LEAST_CHUNK_BYTES = 4096;

    public ArrayDescription
    {
        require(name.getBytes(StandardCharsets.UTF_8).length <= MemberDetails.NAME_BYTES, "name=" + name +
            ", expected at most " + MemberDetails.NAME_BYTES + " bytes");
        require(level != RaidLevel.OTHER && level != RaidLevel.LINEAR, "level=" + level + ", expected RAID 0 to 10");
        require(raidDisks > level.parityMembers() && raidDisks <= MdSuperblock.MAX_ROLES, "raidDisks=" + raidDisks +
            ", expected more than the " + level.parityMembers() + " of parity, at most " + MdSuperblock.MAX_ROLES);
        require(level == RaidLevel.RAID1 ? chunkBytes == 0 :
            chunkBytes >= LEAST_CHUNK_BYTES && Integer.bitCount(chunkBytes) == 1, "chunkBytes=" + chunkBytes +
            ", expected a power of two of at least " + LEAST_CHUNK_BYTES + ", or 0 for RAID 1, of " + level);
        require(level != RaidLevel.RAID10 || Raid10Layout.of(layout).isPossible(raidDisks), "layout=0x" +
            Integer.toHexString(layout) + " has more copies than there are disks (" + raidDisks + "), or none");
        require(memberBytes > 0 && memberBytes % (chunkBytes == 0 ? SECTOR_BYTES : chunkBytes) == 0, "memberBytes=" +
            memberBytes + ", expected a multiple of the chunk (" + chunkBytes + ") or, without one, of a sector");
        require(memberBytes <= MAX_ARRAY_BYTES / raidDisks, "memberBytes=" + memberBytes + " of " + raidDisks +
            " disks, expected an array of at most 1 EiB");
        require(bitmapChunkBytes == 0 || level != RaidLevel.RAID0 && bitmapChunkBytes >= SECTOR_BYTES &&
            bitmapChunkBytes <= 1L << 31 && Long.bitCount(bitmapChunkBytes) == 1, "bitmapChunkBytes=" +
            bitmapChunkBytes + ", expected a power of two from 512 to 2^31, or 0, and 0 for RAID 0");
    }

    private static void require(final boolean holds, final String message)
    {
        if (!holds)
        {
            throw new IllegalArgumentException(message);
        }
    }

    /** What the array's user has. */
    public long arrayBytes()
    {
        return switch (level)
        {
            case RAID1 -> memberBytes;
            case RAID10 ->
            {
                final Raid10Layout copies = Raid10Layout.of(layout);
                yield memberBytes / chunkBytes / copies.far() * raidDisks / copies.near() * chunkBytes;
            }
            default -> memberBytes * (raidDisks - level.parityMembers());
        };
    }

    /** What the bits of the bitmap stand for together: the array, or of a level with parity the bytes of a member. */
    public long bitmapCoveredBytes()
    {
        return level.hasParity() ? memberBytes : arrayBytes();
    }

    /** How many bits the bitmap has; 0 without one. */
    public long bitmapChunks()
    {
        return bitmapChunkBytes == 0 ? 0 : (bitmapCoveredBytes() + bitmapChunkBytes - 1) / bitmapChunkBytes;
    }

    /** What the bitmap takes on a member, in whole pages; 0 without one. */
    public long bitmapBytes()
    {
        return BitmapImage.bytes(bitmapChunks());
    }
}
