package io.farblock.blockdev.raid;

import static io.farblock.blockdev.raid.Unusable.Cause.DAMAGED;
import static io.farblock.blockdev.raid.UnusableException.require;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a member's superblock of version 1.x says of its array, when it was last written. An immutable value whose
 * checksum was verified and whose counts are within bounds; sizes are in sectors of 512 bytes.
 *
 * <pre>
 *     0 u32 magic a92b4efc      72 i32 level           128 u64 data offset          200 u64 events
 *     4 u32 major (1)           76 u32 layout          136 u64 data size            208 u64 resync offset
 *     8 u32 features            80 u64 size            144 u64 own sector           216 u32 checksum
 *    16 16  array's uuid        88 u32 chunk           152 u64 recovered, or tail   220 u32 number of roles
 *    32 32  name                92 u32 members         160 u32 member number        256 u16 roles of member numbers
 *    64 u64 created             96 i32 bitmap offset   168 16  member's uuid        …
 *   184 u8 flags  185 u8 shift, 186 u16 sectors, 188 i32 offset of the bad block log  192 u64 written
 *   all little-endian; sectors of 512 bytes; the offsets of bitmap and log are relative to the superblock;
 *   times are seconds in the low 40 bits
 *   role: slot in the array, or fffd journal, fffe faulty, ffff spare
 * </pre>
 *
 * @param sector        where the superblock lies on the member.
 * @param features      see the FEATURE constants.
 * @param array         the array's uuid.
 * @param level         raid level.
 * @param layout        of the level's own meaning.
 * @param sizeSectors   what is used of each member.
 * @param chunkSectors  unit of striping; 0 for RAID 1.
 * @param raidDisks     slots of the array.
 * @param bitmapOffset  of the bitmap from the superblock, in sectors.
 * @param dataOffset    where the array's data begins on the member.
 * @param dataSectors   what the array may use there.
 * @param number        of this member; index into the roles.
 * @param events        grows with each change of the array's state: the largest is the newest.
 * @param roles         of every member number, as this member knew them.
 * @param details       what only one who runs the array needs.
 */
public record MdSuperblock(long sector, int features, UUID array, RaidLevel level, int layout, long sizeSectors,
    int chunkSectors, int raidDisks, int bitmapOffset, long dataOffset, long dataSectors, int number, long events,
    List<Integer> roles, MemberDetails details)
{
    /** The bitmap offset means something. */
    public static final int FEATURE_BITMAP = 1;
    /** The member is being rebuilt. */
    public static final int FEATURE_RECOVERING = 2;
    /** The array is changing its shape. */
    public static final int FEATURE_RESHAPING = 4;
    /** The bad block log has entries. */
    public static final int FEATURE_BAD_BLOCKS = 8;
    /** The member is being rebuilt where the bitmap says so only. */
    public static final int FEATURE_RECOVERING_BY_BITMAP = 0x40;
    /** Several hosts share the array. */
    public static final int FEATURE_CLUSTERED = 0x100;
    /** A journal device makes the array consistent. */
    public static final int FEATURE_JOURNAL = 0x200;
    /** A partial parity log does. */
    public static final int FEATURE_PPL = 0x400 | 0x800;
    /** The layout of a RAID 0 of unequal members is given. */
    public static final int FEATURE_RAID0_LAYOUT = 0x1000;

    /** The role of a journal. */
    public static final int ROLE_JOURNAL = 0xfffd;
    /** The role of a member that failed. */
    public static final int ROLE_FAULTY = 0xfffe;
    /** The role of a spare, and of a number that nobody has. */
    public static final int ROLE_SPARE = 0xffff;

    /** What a superblock may name at most: slots, and numbers of members. */
    public static final int MAX_ROLES = 1920;

    static final int MAGIC = 0xa92b4efc;
    static final int FIXED_BYTES = 256;
    private static final int FIRST_SPECIAL_ROLE = 0xff00;
    private static final long MAX_SECTORS = 1L << 51;

    /** How many bytes follow the fixed part, for one that has the magic number at the place where it was found. */
    static int roleBytes(final ByteBuffer fixed) throws UnusableException
    {
        final int roles = fixed.getInt(220);
        require(roles >= 0 && roles <= MAX_ROLES, DAMAGED,
            "superblock has " + Integer.toUnsignedString(roles) + " roles, expected at most " + MAX_ROLES);
        return 2 * roles;
    }

    /** Reads a whole superblock, roles included, that was found at {@code sector}. */
    static MdSuperblock parse(final long sector, final ByteBuffer bytes) throws UnusableException
    {
        final int sum = checksum(bytes);
        require(bytes.getInt(216) == sum, DAMAGED, String.format(
            "superblock at sector %d has the checksum %08x, expected %08x", sector, bytes.getInt(216), sum));
        final List<Integer> roles = new ArrayList<>();
        for (int at = FIXED_BYTES; at < bytes.capacity(); at += 2)
        {
            roles.add(bytes.getShort(at) & 0xffff);
        }
        final MdSuperblock found = new MdSuperblock(sector, bytes.getInt(8), uuid(bytes, 16),
            RaidLevel.ofNumber(bytes.getInt(72)), bytes.getInt(76), bytes.getLong(80), bytes.getInt(88),
            bytes.getInt(92), bytes.getInt(96), bytes.getLong(128), bytes.getLong(136), bytes.getInt(160),
            bytes.getLong(200), List.copyOf(roles), MemberDetails.parse(bytes));
        found.requireSane();
        return found;
    }

    private void requireSane() throws UnusableException
    {
        require(raidDisks >= 1 && raidDisks <= MAX_ROLES, DAMAGED, "superblock names " + raidDisks + " slots");
        require(sizeSectors >= 0 && sizeSectors < MAX_SECTORS && dataOffset >= 0 && dataOffset < MAX_SECTORS &&
            dataSectors >= 0 && dataSectors < MAX_SECTORS, DAMAGED, "superblock names impossible sizes: " +
            sizeSectors + " sectors used, " + dataSectors + " at " + dataOffset);
        require(events >= 0, DAMAGED, "superblock is of event " + Long.toUnsignedString(events));
        require(number >= 0 && number < roles.size(), DAMAGED,
            "superblock's member number is " + number + ", but there are " + roles.size() + " roles");
        require(!level.hasParity() && level != RaidLevel.RAID10 || chunkSectors > 0, DAMAGED,
            "superblock of " + level + " has chunks of " + chunkSectors + " sectors");
        require(raidDisks > level.parityMembers(), DAMAGED,
            "superblock of " + level + " has " + raidDisks + " slots");
        require(level != RaidLevel.RAID10 || Raid10Layout.of(layout).isPossible(raidDisks), DAMAGED,
            "superblock has the layout " + Integer.toHexString(layout) + " for " + raidDisks + " slots");
    }

    /**
     * Sum of all words, the checksum itself taken as 0, carries added once; a last half word counts as one.
     * The whole buffer counts, little-endian, from the magic number to the last role.
     */
    public static int checksum(final ByteBuffer bytes)
    {
        long sum = -Integer.toUnsignedLong(bytes.getInt(216));
        int at = 0;
        for (; at + 4 <= bytes.capacity(); at += 4)
        {
            sum += Integer.toUnsignedLong(bytes.getInt(at));
        }
        sum += at < bytes.capacity() ? bytes.getShort(at) & 0xffff : 0;
        return (int)((sum & 0xffffffffL) + (sum >>> 32));
    }

    /** Whether any of the features is on. */
    public boolean has(final int feature)
    {
        return (features & feature) != 0;
    }

    /** The slot of this member, or -1 for a spare, a faulty member, a journal. */
    public int slot()
    {
        return slotOf(number);
    }

    /** The slot of a member by its number, as this member knew it; -1 for none. */
    public int slotOf(final int member)
    {
        final int role = member < roles.size() ? roles.get(member) : FIRST_SPECIAL_ROLE;
        return role < FIRST_SPECIAL_ROLE ? role : -1;
    }

    /** The numbers of the members that hold a slot, as this member knew them. */
    Set<Integer> activeNumbers()
    {
        final Set<Integer> numbers = new TreeSet<>();
        for (int member = 0; member < roles.size(); member++)
        {
            if (slotOf(member) >= 0)
            {
                numbers.add(member);
            }
        }
        return numbers;
    }

    static UUID uuid(final ByteBuffer bytes, final int index)
    {
        // for showing: the bytes in the order in which they lie there
        return new UUID(Long.reverseBytes(bytes.getLong(index)), Long.reverseBytes(bytes.getLong(index + 8)));
    }
}
