package io.farblock.raidsim.md;

import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.blockdev.raid.RaidLevel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Puts a superblock of version 1.2 into bytes, the places of which {@link MdSuperblock} draws. Fields that it does not
 * name are 0: those of a change of shape and of corrected reads. Stateless, on the calling thread; throws only for a
 * buffer that is too small.
 */
final class SuperblockBytes
{
    /** What a superblock takes with all roles it can have. */
    static final int LENGTH = 4096;

    private static final int MAGIC = 0xa92b4efc;
    private static final int FIXED_BYTES = 256;
    /** mdadm makes room for so many members from the start. */
    private static final int LEAST_ROLES = 128;

    private SuperblockBytes()
    {
    }

    static void put(final ByteBuffer bytes, final ArrayDescription array, final MemberRecord record,
        final boolean hasBadBlocks)
    {
        putArray(bytes, array);
        putMember(bytes, array, record);
        if (hasBadBlocks)
        {
            bytes.putInt(8, bytes.getInt(8) | MdSuperblock.FEATURE_BAD_BLOCKS);
        }
        final int roles = Math.max(LEAST_ROLES, record.roles().size());
        bytes.putInt(220, roles);
        for (int member = 0; member < roles; member++)
        {
            final int role = member < record.roles().size() ? record.roles().get(member) : MdSuperblock.ROLE_SPARE;
            bytes.putShort(FIXED_BYTES + 2 * member, (short)role);
        }
        final ByteBuffer counted = bytes.slice(0, FIXED_BYTES + 2 * roles).order(bytes.order());
        bytes.putInt(216, MdSuperblock.checksum(counted));
    }

    private static void putArray(final ByteBuffer bytes, final ArrayDescription array)
    {
        bytes.putInt(0, MAGIC).putInt(4, 1);
        putUuid(bytes, 16, array.array());
        bytes.put(32, array.name().getBytes(StandardCharsets.UTF_8));
        bytes.putLong(64, array.createdSeconds()).putInt(72, array.level().number()).putInt(76, array.layout());
        bytes.putLong(80, array.level() == RaidLevel.RAID0 ? 0 : sectors(array.memberBytes()));
        bytes.putInt(88, (int)sectors(array.chunkBytes())).putInt(92, array.raidDisks());
        if (array.bitmapChunkBytes() > 0)
        {
            bytes.putInt(96, (int)sectors(MemberFormat.BITMAP_BYTE - MemberFormat.SUPERBLOCK_BYTE));
        }
    }

    private static void putMember(final ByteBuffer bytes, final ArrayDescription array, final MemberRecord record)
    {
        final boolean isJournal = record.role() == MdSuperblock.ROLE_JOURNAL;
        final boolean recovering = record.recoveryOffsetBytes() != MemberRecord.IN_SYNC && !isJournal;
        int features = array.bitmapChunkBytes() > 0 ? MdSuperblock.FEATURE_BITMAP : 0;
        features |= recovering ? MdSuperblock.FEATURE_RECOVERING : 0;
        features |= record.journal() ? MdSuperblock.FEATURE_JOURNAL : 0;
        bytes.putInt(8, features);
        // md would stripe over the rest of a larger member too: RAID 0 is told of what is used only
        final long data = array.level() == RaidLevel.RAID0 ? array.memberBytes() : record.dataBytes();
        bytes.putLong(128, sectors(record.dataOffsetBytes())).putLong(136, sectors(data));
        bytes.putLong(144, sectors(MemberFormat.SUPERBLOCK_BYTE));
        bytes.putLong(152, recovering || isJournal ? sectors(Math.max(0, record.recoveryOffsetBytes())) : 0);
        bytes.putInt(160, record.number());
        putUuid(bytes, 168, record.device());
        bytes.putShort(186, (short)sectors(BadBlockLog.LENGTH));
        bytes.putInt(188, (int)sectors(MemberFormat.badBlockLogByte(array) - MemberFormat.SUPERBLOCK_BYTE));
        bytes.putLong(192, record.updatedSeconds()).putLong(200, record.events());
        bytes.putLong(208, record.resyncOffsetBytes() == MemberRecord.CLEAN ? -1 :
            sectors(record.resyncOffsetBytes()));
    }

    private static long sectors(final long bytes)
    {
        return bytes / ArrayDescription.SECTOR_BYTES;
    }

    private static void putUuid(final ByteBuffer bytes, final int index, final UUID uuid)
    {
        bytes.putLong(index, Long.reverseBytes(uuid.getMostSignificantBits()))
            .putLong(index + 8, Long.reverseBytes(uuid.getLeastSignificantBits()));
    }
}
