package io.farblock.replication.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.Handle;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.raidsim.array.ArrayEvent;
import io.farblock.raidsim.array.ArrayOptions;
import io.farblock.raidsim.array.ArrayShape;
import io.farblock.raidsim.array.Assembly;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.raidsim.array.RaidException;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import io.farblock.replication.TwoSites;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Two sites, and an array on disks in memory that one replicates to the other. The array does what it does by itself
 * only when the test says so, and {@link #holds} is what its owner wrote. Stepped by the test's thread, or by the
 * source's while the test's waits for an epoch.
 */
final class ReplicatedArray implements AutoCloseable
{
    static final int BLOCK_BYTES = 64 * 1024;
    static final int MEMBER_BYTES = 16 * BLOCK_BYTES;
    /** Superblock, bitmap and bad block log, whatever the chunk. */
    private static final int HEAD_BYTES = 2 * BLOCK_BYTES;

    final TwoSites sites;
    final List<FaultyDisk> disks = new ArrayList<>();
    final RaidArray array;
    final DeviceBytes bytes;
    /** What the array's owner wrote, and nothing else. */
    final byte[] holds;
    private final Map<FaultyDisk, DiskFault> pulled = new HashMap<>();
    private final Map<Integer, Act> acts = new HashMap<>();
    private int reads;
    private long nowNs;

    /** Something that a test does in the midst of an epoch. */
    interface Act
    {
        void run() throws RaidException;
    }

    /** Both sites run, the array is full of random bytes, and nothing is replicated yet. */
    ReplicatedArray(final Path directory, final ArrayShape shape, final int slots) throws Exception
    {
        for (int i = 0; i < slots; i++)
        {
            newDisk();
        }
        array = Assembly.create(shape, "lab:0", new UUID(1, 2), slots, disks.stream().map(Handle::new).toList(),
            ArrayOptions.of(() -> 1_000_000));
        bytes = new DeviceBytes(new CheckedBlockDevice(array));
        holds = new byte[(int)array.geometry().sizeBytes()];
        write(0, DeviceBytes.pattern(slots, holds.length));
        sites = new TwoSites(directory);
        sites.launchTarget();
        sites.launchSource(new ArrayStorage(array, this::beforeRead));
    }

    private FaultyDisk newDisk()
    {
        final FaultyDisk disk = new FaultyDisk(
            new MemoryBlockDevice("disk" + disks.size(), HEAD_BYTES + MEMBER_BYTES));
        disks.add(disk);
        return disk;
    }

    /** As the array's owner does. */
    void write(final int offsetBytes, final byte[] data)
    {
        bytes.write(offsetBytes, data);
        System.arraycopy(data, 0, holds, offsetBytes, data.length);
    }

    /** Has something happen before the epoch's read of that number, from 1. */
    void atRead(final int number, final Act act)
    {
        acts.put(number, act);
    }

    private void beforeRead()
    {
        final Act act = acts.remove(++reads);
        if (act != null)
        {
            try
            {
                act.run();
            }
            catch (final RaidException ex)
            {
                throw new IllegalStateException(ex);
            }
        }
    }

    /** An epoch of all that the array holds. */
    EpochResult epoch() throws Exception
    {
        reads = 0;
        final EpochResult result = sites.source.epochNow(TwoSites.GROUP).get(30, TimeUnit.SECONDS);
        assertThat(acts).as("what was to happen in an epoch of %d reads", reads).isEmpty();
        return result;
    }

    /** An epoch that seals, after which the replica is what the owner wrote. */
    void epochSeals() throws Exception
    {
        final EpochResult result = epoch();
        assertThat(result.reason()).isEmpty();
        assertThat(result.sealed()).isTrue();
        assertThat(replica()).isEqualTo(holds);
    }

    byte[] replica() throws IOException
    {
        return Files.readAllBytes(sites.replicaImage);
    }

    VolumeStatus status()
    {
        return sites.source.status().groups().get(0).volumes().get(0);
    }

    /** Nobody reaches the disk any more. */
    void pull(final int disk)
    {
        final DiskFault loss = new DiskFault.Loss(Errno.ENXIO);
        disks.get(disk).inject(loss);
        pulled.put(disks.get(disk), loss);
    }

    /** A pulled disk that the array has missed is back, with all that it held. */
    void plug(final int disk) throws RaidException
    {
        disks.get(disk).heal(pulled.remove(disks.get(disk)));
        array.add(array.remove(disks.get(disk).name()));
    }

    /** Adds a new disk. */
    FaultyDisk addSpare() throws RaidException
    {
        final FaultyDisk disk = newDisk();
        array.add(new Handle(disk));
        return disk;
    }

    /** Sectors of a member's data that cannot be read until they are written. */
    DiskFault.LatentSectors decay(final int disk, final int dataOffset, final int lengthBytes)
    {
        final long begin = ((Found.Member)MemberFormat.read(disks.get(disk))).record().dataOffsetBytes();
        final DiskFault.LatentSectors fault = new DiskFault.LatentSectors(begin + dataOffset, lengthBytes);
        disks.get(disk).inject(fault);
        return fault;
    }

    boolean isDecayed(final int disk, final DiskFault.LatentSectors fault)
    {
        return disks.get(disk).isUnreadable(fault.offsetBytes(), fault.lengthBytes());
    }

    /** One step of what the array does by itself. */
    void step()
    {
        nowNs += array.work(nowNs);
    }

    /** Lets the array come so far in what it does by itself, in percent. */
    void stepTo(final double percent)
    {
        for (int i = 0; array.describe().progress().percent() < percent; i++)
        {
            assertThat(i).as("steps, and it is %s", array.describe().reason()).isLessThan(10_000);
            step();
        }
    }

    /** Lets the array do all that it does by itself, for two seconds more. */
    void settle()
    {
        for (final long endNs = nowNs + TimeUnit.SECONDS.toNanos(2); nowNs < endNs; )
        {
            step();
        }
    }

    /** Texts of what happened of a kind. */
    List<String> events(final ArrayEvent.Kind kind)
    {
        return array.events().stream().filter((event) -> event.kind() == kind).map(ArrayEvent::text).toList();
    }

    @Override
    public void close()
    {
        sites.close();
        array.close();
    }
}
