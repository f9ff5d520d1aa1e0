package io.farblock.replication.sim;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Geometry;
import io.farblock.blockdev.Handle;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.ArrayMember.Role;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.array.ArrayOptions;
import io.farblock.raidsim.array.ArrayShape;
import io.farblock.raidsim.array.Assembly;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.raidsim.array.RaidException;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * A source's volume that is an array. Its disks fail, decay and come back, and are rebuilt and scrubbed, whatever else
 * goes on; all that its level promises is there nevertheless. {@link #lose} is more than any level bears. What is
 * written is written to the model too, which says what ought to be read. One thread and one seed.
 */
final class SimArray implements BlockDevice
{
    private static final int CHUNK_BYTES = 4096;
    /** Room for superblock, bitmap and bad block log; disks from twice the large one on keep that much free. */
    private static final int HEAD_BYTES = 64 * 1024;
    private static final int LARGE_HEAD_BYTES = 1024 * 1024;
    private static final int MOST_DISKS = 9;
    private static final int ONE_IN = 150;

    final RaidArray array;
    private final BlockDevice model;
    private final Random random;
    private final SimClock clock;
    private final long memberBytes;
    /** Of every member, since all are equal. */
    private final long dataOffset;
    private final List<FaultyDisk> disks = new ArrayList<>();
    private final Map<FaultyDisk, DiskFault> pulled = new HashMap<>();
    private FaultyDisk decayed;
    private DiskFault.LatentSectors decay;
    /** Disks that failed, came back, and stretches that were lost. */
    int failed;
    int returned;
    int lost;

    SimArray(final BlockDevice model, final SimClock clock, final long seed)
    {
        this.model = model;
        this.clock = clock;
        random = new Random(seed);
        final RaidLevel level = List.of(RaidLevel.RAID1, RaidLevel.RAID5, RaidLevel.RAID6, RaidLevel.RAID10)
            .get(random.nextInt(4));
        final int slots = level == RaidLevel.RAID1 ? 2 + random.nextInt(2) : 4 + random.nextInt(2);
        final int dataDisks = level == RaidLevel.RAID1 ? 1 : level == RaidLevel.RAID10 ? slots / 2 :
            slots - level.parityMembers();
        final long dataBytes = (model.geometry().sizeBytes() / dataDisks / CHUNK_BYTES + 1) * CHUNK_BYTES;
        memberBytes = dataBytes + (dataBytes + HEAD_BYTES < 2 * LARGE_HEAD_BYTES ? HEAD_BYTES : LARGE_HEAD_BYTES);
        for (int i = 0; i < slots; i++)
        {
            newDisk();
        }
        final ArrayShape plain = ArrayShape.of(level);
        final ArrayShape shape = level == RaidLevel.RAID1 ? plain : plain.withChunk(CHUNK_BYTES);
        try
        {
            array = Assembly.create(random.nextBoolean() ? shape : shape.withBitmap(CHUNK_BYTES), "sim:0",
                new UUID(1, seed), slots, disks.stream().map(Handle::new).toList(), ArrayOptions.of(() -> 1_000_000));
        }
        catch (final RaidException ex)
        {
            throw new IllegalStateException(ex);
        }
        dataOffset = ((Found.Member)MemberFormat.read(disks.get(0))).record().dataOffsetBytes();
        ReplicaChecker.require(array.geometry().sizeBytes() >= model.geometry().sizeBytes(), "the array is too small");
    }

    private FaultyDisk newDisk()
    {
        final FaultyDisk disk = new FaultyDisk(new MemoryBlockDevice("member" + disks.size(), memberBytes));
        disks.add(disk);
        return disk;
    }

    /** Lets it do what it does by itself, and now and then something happen to it. */
    void tick()
    {
        array.work(clock.nanoTime());
        try
        {
            switch (random.nextInt(ONE_IN))
            {
                case 0 -> pull();
                case 1, 2 -> bringBack();
                case 3 -> array.scrub(random.nextBoolean() ? RaidArray.Scrub.CHECK : RaidArray.Scrub.REPAIR);
                case 4 -> decay();
                default ->
                {
                    // nothing happens most of the time
                }
            }
        }
        catch (final RaidException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** One disk, or a second one of a RAID 6, if the array is sure to bear it. */
    private void pull()
    {
        final int parities = array.description().level() == RaidLevel.RAID6 ? 2 : 1;
        final List<ArrayMember> members = array.describe().members(Role.IN_SYNC);
        final long unnoticed = members.stream().filter(member -> pulled.containsKey(disk(member))).count();
        if (array.describe().missingMembers() + unnoticed + (isDecayed() ? 1 : 0) < parities)
        {
            final DiskFault loss = new DiskFault.Loss(Errno.ENXIO);
            final FaultyDisk disk = disk(members.get(random.nextInt(members.size())));
            disk.inject(loss);
            pulled.put(disk, loss);
            failed++;
        }
    }

    private void bringBack() throws RaidException
    {
        final List<ArrayMember> faulty = array.describe().members(Role.FAULTY);
        if (!faulty.isEmpty())
        {
            final FaultyDisk old = disk(faulty.get(0));
            array.remove(old.name());
            old.heal(pulled.remove(old));
            array.add(new Handle(disks.size() < MOST_DISKS && random.nextBoolean() ? newDisk() : old));
            returned++;
        }
    }

    /** Some sectors of a member, if the others have all that it takes to compute them. */
    private void decay()
    {
        if (!isDecayed() && pulled.isEmpty() && array.describe().missingMembers() == 0)
        {
            final List<ArrayMember> members = array.describe().members(Role.IN_SYNC);
            decayed = disk(members.get(random.nextInt(members.size())));
            final long room = array.description().memberBytes() / 512;
            decay = new DiskFault.LatentSectors(
                dataOffset + random.nextInt((int)room) * 512L, 512 * (1 + random.nextInt(16)));
            decayed.inject(decay);
        }
    }

    private boolean isDecayed()
    {
        return decayed != null && decayed.isUnreadable(decay.offsetBytes(), decay.lengthBytes());
    }

    /** Nobody can read this byte of any member, or those beside it, until {@link #restore}. */
    void lose(final long offsetInMember)
    {
        for (final ArrayMember member : array.describe().members(Role.IN_SYNC))
        {
            disk(member).inject(new DiskFault.LatentSectors(dataOffset + offsetInMember, 1));
        }
        lost++;
    }

    /** What its owner does with a backup; all that was lost is there again. */
    void restore()
    {
        final int size = (int)array.geometry().sizeBytes();
        final ByteBuffer all = ByteBuffer.allocateDirect(size);
        require(model.read(0, all, 0, (int)model.geometry().sizeBytes()), "reading the model");
        require(array.write(0, all, 0, size), "restoring an array that is " + array.describe().reason());
    }

    private FaultyDisk disk(final ArrayMember member)
    {
        return disks.stream().filter(disk -> disk.name().equals(member.name())).findFirst().orElseThrow();
    }

    private static int require(final int result, final String what)
    {
        ReplicaChecker.require(result >= 0, what + ": " + result);
        return result;
    }

    @Override
    public Geometry geometry()
    {
        return model.geometry();
    }

    @Override
    public int read(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        return array.read(offsetBytes, buffer, index, lengthBytes);
    }

    @Override
    public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
    {
        require(model.write(offsetBytes, buffer, index, lengthBytes), "writing the model");
        if (array.write(offsetBytes, buffer, index, lengthBytes) < 0)
        {
            restore();
        }
        return lengthBytes;
    }

    @Override
    public int zero(final long offsetBytes, final long lengthBytes)
    {
        require(model.zero(offsetBytes, lengthBytes), "zeroing the model");
        if (array.zero(offsetBytes, lengthBytes) < 0)
        {
            restore();
        }
        return 0;
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes)
    {
        return zero(offsetBytes, lengthBytes);
    }

    @Override
    public int flush()
    {
        return array.flush();
    }

    @Override
    public long nextData(final long offsetBytes)
    {
        return Math.min(geometry().sizeBytes(), array.nextData(offsetBytes));
    }

    @Override
    public long nextHole(final long offsetBytes)
    {
        return Math.min(geometry().sizeBytes(), array.nextHole(offsetBytes));
    }

    @Override
    public String name()
    {
        return model.name();
    }

    @Override
    public void close()
    {
        array.close();
    }
}
