package io.farblock.replication;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.linux.FileSync;
import io.farblock.powersim.explore.Media;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A site's disks for the crash explorer: volumes and replicas are recorded devices, what lies in the state directory
 * are files as in production, whose requests and syncs are recorded. One thread.
 */
public final class MediaStorage implements Storage
{
    private final Media media;
    private final LinuxStorage files;

    public MediaStorage(final Media media)
    {
        this(media, null);
    }

    /** With what is known of the machine's start. */
    public MediaStorage(final Media media, final BootLook boot)
    {
        this.media = media;
        this.files = new LinuxStorage(boot, media.sync());
    }

    @Override
    public FileSync sync()
    {
        return files.sync();
    }

    @Override
    public BootLook bootLook()
    {
        return files.bootLook();
    }

    @Override
    public BlockDevice openSource(final Path device)
    {
        return media.device(device.toString(), 0);
    }

    @Override
    public BlockDevice openReplica(final Path device, final long sizeBytes)
    {
        return media.device(device.toString(), sizeBytes);
    }

    @Override
    public boolean isMissing(final Path device)
    {
        return device.startsWith(media.directory()) ? files.isMissing(device) : !media.hasDevice(device.toString());
    }

    @Override
    public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh) throws IOException
    {
        return media.file(file, files.openTable(file, sizeBytes, fresh));
    }
}
