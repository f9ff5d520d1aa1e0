package io.farblock.raidsim.serve;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.powersim.CutReport;
import io.farblock.powersim.PowerRail;
import io.farblock.raidsim.config.ArrayConfig;
import io.farblock.raidsim.config.DiskConfig;
import io.farblock.raidsim.disk.DiskSetup;
import io.farblock.raidsim.disk.FaultHit;
import io.farblock.raidsim.disk.SimDisk;
import io.farblock.raidsim.disk.SimTime;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * The disks of an array, in the file's order, then its journal if it has one. Every image must be there: one that is
 * not is a mistake, a lost disk is simulated. Opened and closed by one thread, which closes it after the array; closes
 * what it opened when it fails half way.
 */
final class DiskRack implements AutoCloseable
{
    private final List<DiskBay> bays = new ArrayList<>();
    private final PowerRail rail = new PowerRail();
    private final boolean hasJournal;

    private DiskRack(final boolean hasJournal)
    {
        this.hasJournal = hasJournal;
    }

    /** @param struck is told of each fault that strikes, with the disk's number; see {@link DiskSetup}. */
    static DiskRack open(final ArrayConfig config, final SimTime time, final ObjIntConsumer<FaultHit> struck)
        throws DeviceException
    {
        final DiskRack rack = new DiskRack(config.journal() != null);
        try
        {
            for (final DiskConfig disk : config.images())
            {
                requireThere(disk, disk == config.journal());
                rack.add(disk, time, struck);
            }
            return rack;
        }
        catch (final DeviceException | RuntimeException failed)
        {
            rack.close();
            throw failed;
        }
    }

    private static void requireThere(final DiskConfig disk, final boolean isJournal) throws DeviceException
    {
        if (!Files.exists(disk.file()))
        {
            throw new DeviceException(Errno.ENOENT, "there is no " + disk.file() + "; expected the image of the " +
                (isJournal ? "journal; for an array that is there already make an empty one: truncate -s " +
                disk.sizeBytes() + " " + disk.file() : "disk " + disk.name() + "; make it with raid-sim create"));
        }
    }

    private void add(final DiskConfig disk, final SimTime time, final ObjIntConsumer<FaultHit> struck)
        throws DeviceException
    {
        final int number = bays.size();
        final DiskSetup setup = DiskSetup.plain().withTime(time).withSeed(disk.seed())
            .withModel(disk.profile() == null ? null : disk.profile().model())
            .withListener((hit) -> struck.accept(hit, number));
        final SimDisk simulated = new SimDisk(ImageDevice.open(disk), setup);
        bays.add(new DiskBay(disk, simulated));
        rail.plug(simulated);
    }

    /** All of them, the journal included. */
    List<DiskBay> bays()
    {
        return bays;
    }

    /** Those that are no journal. */
    List<DiskBay> disks()
    {
        return hasJournal ? bays.subList(0, bays.size() - 1) : bays;
    }

    /** Null when there is none. */
    DiskBay journal()
    {
        return hasJournal ? bays.get(bays.size() - 1) : null;
    }

    DiskBay bay(final int number)
    {
        return bays.get(number);
    }

    /** Null when no disk is called that. */
    DiskBay find(final String name)
    {
        return bays.stream().filter((bay) -> bay.name().equals(name)).findFirst().orElse(null);
    }

    /** Those that say that they belong to an array. */
    List<BlockDevice> members()
    {
        final List<BlockDevice> members = new ArrayList<>();
        for (final DiskBay bay : disks())
        {
            if (MemberFormat.read(bay.disk()) instanceof Found.Member)
            {
                members.add(bay.disk());
            }
        }
        return members;
    }

    /** The power goes for all at once; what happened to each, in their order. */
    List<CutReport> cutPower(final long seed)
    {
        return rail.drop(seed);
    }

    @Override
    public void close()
    {
        bays.forEach((bay) -> bay.disk().close());
    }
}
