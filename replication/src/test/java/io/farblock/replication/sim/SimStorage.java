package io.farblock.replication.sim;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.replication.Storage;
import io.farblock.replication.marks.KeepGuard;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The disks of one site by name, as one life of its process opens them. */
final class SimStorage implements Storage
{
    private final Map<Path, SimDisk> disks;
    private final SimHost host;
    private final SimMachine machine;

    private SimStorage(final Map<Path, SimDisk> disks, final SimHost host, final SimMachine machine)
    {
        this.disks = disks;
        this.host = host;
        this.machine = machine;
    }

    static Map<Path, SimDisk> disks()
    {
        return new LinkedHashMap<>();
    }

    /** @param machine that the process runs on. */
    static SimStorage of(final Map<Path, SimDisk> disks, final SimHost host, final SimMachine machine)
    {
        return new SimStorage(disks, host, machine);
    }

    @Override
    public BootLook bootLook()
    {
        return machine;
    }

    @Override
    public KeepGuard keepGuard(final List<Path> files)
    {
        return machine.guard(files);
    }

    @Override
    public BlockDevice openSource(final Path device)
    {
        return disks.get(device).open(host);
    }

    @Override
    public DirtyTracker openTracker(final String name, final Path device)
    {
        host.burnOrDie();
        return new SimTracker(disks.get(device), host);
    }

    @Override
    public Optional<MdArray> array(final Path device)
    {
        return Optional.ofNullable(disks.get(device).array).map(array -> array.array.describe());
    }

    @Override
    public BlockDevice openReplica(final Path device, final long sizeBytes)
    {
        return disks.computeIfAbsent(device, path -> new SimDisk(path.toString(), sizeBytes)).open(host);
    }

    @Override
    public boolean isMissing(final Path device)
    {
        return !disks.containsKey(device);
    }

    @Override
    public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh)
    {
        final SimDisk disk = disks.computeIfAbsent(file, path -> new SimDisk(nameOf(path), sizeBytes));
        if (fresh)
        {
            // Made anew: an old file's content never shows through, not even after a power cut.
            disk.cache.zero(0, disk.sizeBytes);
            disk.cache.flush();
        }
        return disk.open(host);
    }

    /** The same in each run: names get into messages that travel. */
    private static String nameOf(final Path file)
    {
        return file.subpath(file.getNameCount() - 4, file.getNameCount()).toString();
    }
}
