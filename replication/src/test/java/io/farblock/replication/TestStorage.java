package io.farblock.replication;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Handle;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.raidsim.disk.FaultyDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Disks in memory that fail on demand and outlive their closing; none may be open twice. One thread. */
public final class TestStorage implements Storage
{
    public final Map<Path, FaultyDisk> disks = new HashMap<>();
    public final Set<Path> open = new HashSet<>();
    public final Set<Path> missing = new HashSet<>();

    /** What the disks are arrays of; the others are none. */
    public final Map<Path, MdArray> arrays = new HashMap<>();

    /** Makes a disk before it is opened. */
    public FaultyDisk disk(final Path path, final long sizeBytes)
    {
        return disks.computeIfAbsent(
            path, name -> new FaultyDisk(new MemoryBlockDevice(name.toString(), sizeBytes)));
    }

    @Override
    public BlockDevice openSource(final Path device) throws IOException
    {
        return open(device, 0);
    }

    @Override
    public Optional<MdArray> array(final Path device)
    {
        return Optional.ofNullable(arrays.get(device));
    }

    @Override
    public BlockDevice openReplica(final Path device, final long sizeBytes) throws IOException
    {
        return open(device, sizeBytes);
    }

    @Override
    public boolean isMissing(final Path device)
    {
        return !disks.containsKey(device);
    }

    @Override
    public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh) throws IOException
    {
        if (fresh)
        {
            disks.remove(file);
        }
        return open(file, sizeBytes);
    }

    private BlockDevice open(final Path path, final long sizeBytes) throws IOException
    {
        if (missing.contains(path))
        {
            throw new IOException(path + " is missing");
        }
        if (!open.add(path))
        {
            throw new IOException(path + " is in use");
        }
        return new Handle(disk(path, sizeBytes), () -> open.remove(path));
    }
}
