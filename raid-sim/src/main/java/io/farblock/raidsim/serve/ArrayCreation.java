package io.farblock.raidsim.serve;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.linux.ImageFile;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.raidsim.array.ArrayOptions;
import io.farblock.raidsim.array.Assembly;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.raidsim.array.RaidException;
import io.farblock.raidsim.config.ArrayConfig;
import io.farblock.raidsim.config.DiskConfig;
import io.farblock.raidsim.md.ArrayDescription;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Makes the image files that are not there, and the array on all of them. One thread, one use. On failure the images
 * that it made are gone again, and those that were there are as they were.
 */
public final class ArrayCreation
{
    private final ArrayConfig config;
    private final boolean force;
    private final List<Path> made = new ArrayList<>();
    private final List<BlockDevice> disks = new ArrayList<>();
    private BlockDevice journal;

    /** @param force also on disks that hold something. */
    public ArrayCreation(final ArrayConfig config, final boolean force)
    {
        this.config = config;
        this.force = force;
    }

    /** Whoever calls it holds the array's lock. */
    public ArrayDescription create(final UUID uuid, final LongSupplier epochSeconds)
        throws ServeException, DeviceException, RaidException
    {
        try
        {
            // spares may stand anywhere in the file, but an array's slots are the first of its disks
            for (final boolean spares : new boolean[]{false, true})
            {
                for (final DiskConfig disk : config.disks())
                {
                    if (disk.isSpare() == spares)
                    {
                        disks.add(open(disk));
                    }
                }
            }
            journal = config.journal() == null ? null : open(config.journal());
            try (RaidArray array = Assembly.create(config.shape(), config.name(), uuid, config.slots(), disks,
                ArrayOptions.of(epochSeconds).withForce(force).withJournal(journal)))
            {
                made.clear();
                return array.description();
            }
        }
        finally
        {
            disks.forEach(BlockDevice::close);
            if (journal != null)
            {
                journal.close();
            }
            made.forEach(ArrayCreation::delete);
        }
    }

    private BlockDevice open(final DiskConfig disk) throws ServeException, DeviceException
    {
        final boolean isNew = !Files.exists(disk.file());
        if (isNew)
        {
            ImageFile.create(disk.file(), disk.sizeBytes());
            made.add(disk.file());
        }
        final BlockDevice image = ImageDevice.open(disk);
        final long found = image.geometry().sizeBytes();
        if (found != disk.sizeBytes())
        {
            image.close();
            throw new ServeException(ExitCode.FAILED, disk.file() + " has " + found + " bytes, expected " +
                disk.sizeBytes() + " as in " + config.file() + "; correct the size there, or remove the image");
        }
        // of a member the array says more; a journal that is there may be another array's, and needed
        if (!force && !isNew && image.nextData(0) < found &&
            (disk == config.journal() || !(MemberFormat.read(image) instanceof Found.Member)))
        {
            image.close();
            throw new ServeException(ExitCode.FAILED, disk.file() + " holds data; expected a new file or one that " +
                "nothing was written to; choose another file, or --force if the data may go");
        }
        return image;
    }

    private static void delete(final Path image)
    {
        try
        {
            Files.deleteIfExists(image);
        }
        catch (final IOException harmless)
        {
            // an empty image more; why the array could not be made is the better message
        }
    }
}
