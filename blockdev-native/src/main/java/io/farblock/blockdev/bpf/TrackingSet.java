package io.farblock.blockdev.bpf;

import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Programs and shared maps for all tracked disks of one kind, pinned together. One set serves any number of volumes,
 * since every program that is attached costs every write of the machine: a disk more is an entry in a map. Opened and
 * closed under the lock of {@link BpfFileSystem}.
 */
record TrackingSet(TrackingMaps maps, TrackingPrograms programs) implements AutoCloseable
{
    /** Opens the set that is installed, or installs one; a set of which a part is missing is replaced. */
    static TrackingSet open(final BpfFileSystem pins, final DeviceKind kind) throws IOException
    {
        final Path directory = pins.programs(kind);
        if (Files.isDirectory(directory))
        {
            try
            {
                return open(directory, kind);
            }
            catch (final BpfException ex)
            {
                if (ex.errno() != Errno.ENOENT)
                {
                    throw ex;
                }
                // somebody removed pins: volumes find their maps untracked and record a gap
                BpfFileSystem.remove(directory);
            }
        }
        install(directory, kind);
        return open(directory, kind);
    }

    /** Ends the marking of a map, in whatever set that is, and sets that have nothing left to do. */
    static void forget(final BpfFileSystem pins, final long device, final int slot, final int mapId)
        throws IOException
    {
        for (final DeviceKind kind : DeviceKind.values())
        {
            final Path directory = pins.programs(kind);
            if (Files.isDirectory(directory))
            {
                try (TrackingMaps maps = TrackingMaps.open(directory))
                {
                    if (maps.isTracked(device, slot, mapId))
                    {
                        maps.remove(device, slot);
                    }
                }
            }
        }
    }

    /** Takes sets without volumes out of the way of everybody's writes. */
    static void removeUnused(final BpfFileSystem pins) throws IOException
    {
        for (final DeviceKind kind : DeviceKind.values())
        {
            final Path directory = pins.programs(kind);
            if (Files.isDirectory(directory))
            {
                final boolean unused;
                try (TrackingMaps maps = TrackingMaps.open(directory))
                {
                    unused = maps.isUnused();
                }
                if (unused)
                {
                    BpfFileSystem.remove(directory);
                }
            }
        }
    }

    @Override
    public void close()
    {
        maps.close();
        programs.close();
    }

    private static TrackingSet open(final Path directory, final DeviceKind kind) throws BpfException
    {
        final TrackingMaps maps = TrackingMaps.open(directory);
        try
        {
            return new TrackingSet(maps, TrackingPrograms.open(kind, directory));
        }
        catch (final BpfException ex)
        {
            maps.close();
            throw ex;
        }
    }

    /** Under another name until it is whole, so that a process that dies here leaves no half of a set to be found. */
    private static void install(final Path directory, final DeviceKind kind) throws IOException
    {
        final Path unfinished = directory.resolveSibling(directory.getFileName() + "_unfinished");
        BpfFileSystem.remove(unfinished);
        Files.createDirectory(unfinished);
        try (TrackingMaps maps = TrackingMaps.create(kind))
        {
            maps.pin(unfinished);
            TrackingPrograms.install(kind, maps, unfinished);
            Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
        }
        catch (final IOException ex)
        {
            BpfFileSystem.remove(unfinished);
            throw ex;
        }
    }
}
