package io.farblock.blockdev.linux;

/** A {@link FileSystemHandle} on an open directory of it. Owned by one thread; idempotent close. */
final class MountDescriptor implements FileSystemHandle
{
    private int fd;

    MountDescriptor(final int fd)
    {
        this.fd = fd;
    }

    @Override
    public int sync()
    {
        return LinuxCalls.syncfs(fd);
    }

    @Override
    public int freeze()
    {
        return LinuxCalls.ioctl(fd, LinuxCalls.FIFREEZE, 0);
    }

    @Override
    public int thaw()
    {
        return LinuxCalls.ioctl(fd, LinuxCalls.FITHAW, 0);
    }

    @Override
    public void close()
    {
        if (fd >= 0)
        {
            final int closing = fd;
            // later calls get EBADF, not whatever is opened next under the same number
            fd = -1;
            LinuxCalls.close(closing);
        }
    }
}
