package io.farblock.replication;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.boot.LinuxBoot;
import io.farblock.blockdev.bpf.BpfFileSystem;
import io.farblock.blockdev.bpf.BpfTracker;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.linux.FileSync;
import io.farblock.blockdev.linux.ImageFile;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.blockdev.raid.MdSysfs;
import io.farblock.replication.marks.KeepGuard;
import io.farblock.replication.marks.ShellGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.SystemEpochClock;

/**
 * This machine's devices and files. Volumes and replicas bypass the page cache where the file system allows, so that
 * replication neither fills it nor reads stale pages; digest tables are small and go through it.
 */
public final class LinuxStorage implements Storage
{
    private final BootLook boot;
    private final FileSync sync;

    public LinuxStorage()
    {
        this(new LinuxBoot());
    }

    /** With another view of the machine's start. */
    public LinuxStorage(final BootLook boot)
    {
        this(boot, FileSync.KERNEL);
    }

    /** With somebody who takes notes of what is made durable. */
    public LinuxStorage(final BootLook boot, final FileSync sync)
    {
        this.boot = boot;
        this.sync = sync;
    }

    @Override
    public BlockDevice openSource(final Path device) throws IOException
    {
        return LinuxBlockDevice.open(device, OpenMode.readOnly());
    }

    @Override
    public DirtyTracker openTracker(final String name, final Path device) throws IOException
    {
        return BpfTracker.open(BpfFileSystem.at(BpfFileSystem.DEFAULT), name, device, SystemEpochClock.INSTANCE);
    }

    @Override
    public void forgetTracker(final String name) throws IOException
    {
        if (BpfFileSystem.isUsed(BpfFileSystem.DEFAULT))
        {
            BpfTracker.forget(BpfFileSystem.at(BpfFileSystem.DEFAULT), name);
        }
    }

    @Override
    public FileSync sync()
    {
        return sync;
    }

    @Override
    public BootLook bootLook()
    {
        return boot;
    }

    @Override
    public KeepGuard keepGuard(final List<Path> files)
    {
        return ShellGuard.start(files);
    }

    @Override
    public Optional<MdArray> array(final Path device)
    {
        return new MdSysfs().behind(device);
    }

    @Override
    public BlockDevice openReplica(final Path device, final long sizeBytes) throws IOException
    {
        if (isMissing(device))
        {
            ImageFile.create(device, sizeBytes, sync);
        }
        return LinuxBlockDevice.open(device, OpenMode.readWrite());
    }

    @Override
    public boolean isMissing(final Path device)
    {
        // a power cut may leave the name of a file that was being made, and nothing else of it
        return !Files.exists(device) || ImageFile.isUnfinished(device);
    }

    @Override
    public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh) throws IOException
    {
        if (fresh)
        {
            Files.deleteIfExists(file);
        }
        if (isMissing(file))
        {
            ImageFile.create(file, sizeBytes, sync);
        }
        return LinuxBlockDevice.open(file, OpenMode.readWrite().buffered());
    }
}
