package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Handle;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** An array on disks in memory that can fail, opened and closed at will while the disks stay. One thread. */
final class ArrayLab
{
    static final UUID ID = new UUID(0x0123456789abcdefL, 0x8edcba9876543210L);
    /** Superblock, bitmap and bad block log of a small disk. */
    static final int HEAD_BYTES = 16 * 1024;

    private static final Set<String> ACTIONS = Set.of("resync", "recover", "check", "repair");

    final List<FaultyDisk> disks = new ArrayList<>();
    RaidArray array;
    DeviceBytes bytes;
    private final Map<FaultyDisk, DiskFault.Loss> pulled = new HashMap<>();
    private long nowNs;

    /** Disks with room for so much data. */
    ArrayLab(final int disks, final long memberBytes)
    {
        for (int i = 0; i < disks; i++)
        {
            addDisk(memberBytes);
        }
    }

    FaultyDisk addDisk(final long memberBytes)
    {
        final FaultyDisk disk = new FaultyDisk(
            new MemoryBlockDevice("disk" + disks.size(), HEAD_BYTES + memberBytes));
        disks.add(disk);
        return disk;
    }

    RaidArray create(final ArrayShape shape, final int slots) throws RaidException
    {
        return use(Assembly.create(shape, "lab:0", ID, slots, handles(disks), options()));
    }

    RaidArray open() throws RaidException
    {
        return open(disks, options());
    }

    RaidArray open(final List<? extends BlockDevice> members, final ArrayOptions options) throws RaidException
    {
        return use(Assembly.open(handles(members), options));
    }

    private RaidArray use(final RaidArray opened)
    {
        array = opened;
        bytes = new DeviceBytes(new CheckedBlockDevice(opened));
        return opened;
    }

    /** The disk that goes by this name in the array. */
    FaultyDisk disk(final String name)
    {
        return disks.stream().filter((disk) -> disk.name().equals(name)).findFirst().orElseThrow();
    }

    /** Nobody reaches the disk any more. */
    void pull(final String name)
    {
        final DiskFault.Loss loss = new DiskFault.Loss(Errno.ENXIO);
        disk(name).inject(loss);
        pulled.put(disk(name), loss);
    }

    /** It is back, if it was pulled. */
    FaultyDisk plug(final String name)
    {
        final FaultyDisk disk = disk(name);
        if (pulled.containsKey(disk))
        {
            disk.heal(pulled.remove(disk));
        }
        return disk;
    }

    /** Opens the array of all disks that are plugged in and are members of it. */
    void reopenAll() throws RaidException
    {
        open(disks.stream().filter((disk) -> !pulled.containsKey(disk) &&
            MemberFormat.read(disk) instanceof Found.Member).toList(), options());
    }

    static ArrayOptions options()
    {
        return ArrayOptions.of(() -> 1_000_000);
    }

    /** The disks go on without the array that closes them. */
    static List<BlockDevice> handles(final List<? extends BlockDevice> disks)
    {
        final List<BlockDevice> handles = new ArrayList<>();
        disks.forEach((disk) -> handles.add(new Handle(disk)));
        return handles;
    }

    /** Lets the array do all that it does by itself. */
    void settle()
    {
        for (int i = 0; i < 100_000; i++)
        {
            final long waitNs = array.work(nowNs);
            nowNs += waitNs;
            final MdArray now = array.describe();
            if (waitNs > 0 && !ACTIONS.contains(now.syncAction()))
            {
                return;
            }
        }
        throw new AssertionError("the array never comes to rest: " + array.describe());
    }

    /** Lets it be idle for so long that no bit of its bitmap is set. */
    void rest()
    {
        settle();
        for (int i = 0; i <= Intent.TICKS_TO_CLEAR; i++)
        {
            step();
        }
    }

    /** One step of it. */
    void step()
    {
        nowNs += array.work(nowNs);
    }

    int size()
    {
        return (int)array.geometry().sizeBytes();
    }
}
