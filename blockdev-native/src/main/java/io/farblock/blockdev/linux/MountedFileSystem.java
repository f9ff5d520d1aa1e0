package io.farblock.blockdev.linux;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;

/**
 * A file system that is mounted somewhere, once however often it is mounted. An immutable value.
 *
 * @param superblock the kernel's number for it, "major:minor"; two with one number are the same.
 * @param mount      the mount that is used to reach it.
 * @param mountPoint a directory that leads to it. Text, not a path: see {@link MountPoint}.
 * @param type       "ext4".
 * @param source     the device node that it was mounted from.
 */
public record MountedFileSystem(String superblock, long mount, String mountPoint, String type, String source)
{
    /**
     * A descriptor on the mount point, through which the file system can be flushed, frozen and thawed whatever is
     * mounted over it later.
     *
     * @throws DeviceException when the mount point cannot be opened, or leads to something else by now.
     */
    public FileSystemHandle open() throws DeviceException
    {
        NativeSelfTest.verify();
        final int fd = LinuxCalls.open(mountPoint, LinuxCalls.O_RDONLY, 0);
        if (fd < 0)
        {
            throw new DeviceException(fd, "cannot open " + this + ": " + Errno.describe(fd) +
                "; expected a mount point that may be read by root");
        }
        // between the look at the mounts and the open another file system may have been mounted over it, and that one
        // would be frozen
        final long found = FileStatus.of(fd).mount();
        if (found != mount)
        {
            LinuxCalls.close(fd);
            throw new DeviceException(Errno.EAGAIN, "cannot open " + this + ": the path leads to mount " + found +
                ", expected mount " + mount + "; the mounts have just changed: try again");
        }
        return new MountDescriptor(fd);
    }

    /** For messages: "ext4 of /dev/sda1 at /srv". */
    @Override
    public String toString()
    {
        return type + " of " + source + " at " + mountPoint;
    }
}
