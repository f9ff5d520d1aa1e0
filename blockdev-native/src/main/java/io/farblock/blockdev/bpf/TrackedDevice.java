package io.farblock.blockdev.bpf;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk or partition as the kernel's programs see it: a whole disk, and a range of its sectors. Read from sysfs at
 * the moment of the call; an immutable value.
 *
 * @param node        the directory of the disk or partition in sysfs.
 * @param disk        the disk's directory in sysfs.
 * @param number      the disk's major number in the lower half, its minor number in the upper.
 * @param kind        which tracepoints show its writes.
 * @param sequence    changes when another medium or backing file appears under the same number.
 * @param diskSectors size of the disk in sectors of 512 bytes.
 * @param firstSector where the volume begins on the disk.
 * @param sectors     size of the volume.
 */
record TrackedDevice(Path node, Path disk, long number, DeviceKind kind, long sequence, long diskSectors,
    long firstSector, long sectors)
{
    /**
     * Looks at a device node.
     *
     * @throws DeviceException when its writes cannot be tracked; it says why.
     */
    static TrackedDevice of(final Path device) throws IOException
    {
        final FileStatus status = FileStatus.of(device);
        if (status.errno() != 0 || !status.isBlockDevice())
        {
            throw new DeviceException(status.errno() != 0 ? status.errno() : Errno.ENOTBLK, "cannot track " + device +
                ": found " + (status.errno() != 0 ? Errno.describe(status.errno()) : status.type()) +
                "; expected a block device");
        }
        final Path node = Path.of("/sys/dev/block").resolve(status.device()).toRealPath();
        final TrackedDevice found = ofNode(node);
        found.refuseUntrackable(device);
        return found;
    }

    /** Looks at a directory of sysfs, of a disk or a partition. */
    private static TrackedDevice ofNode(final Path node) throws IOException
    {
        final boolean partition = Files.exists(node.resolve("partition"));
        final Path disk = partition ? node.getParent() : node;
        final String[] number = text(disk.resolve("dev")).split(":");
        final DeviceKind kind = Files.exists(disk.resolve("mq")) ? DeviceKind.REQUEST : DeviceKind.BIO;
        final long diskSectors = number(disk.resolve("size"));
        return new TrackedDevice(node, disk, Long.parseLong(number[0]) | Long.parseLong(number[1]) << 32, kind,
            number(disk.resolve("diskseq")), diskSectors, partition ? number(node.resolve("start")) : 0,
            partition ? number(node.resolve("size")) : diskSectors);
    }

    /** The same place in sysfs, looked at again: what it says now. */
    TrackedDevice again() throws IOException
    {
        return ofNode(node);
    }

    long lastSector()
    {
        return firstSector + sectors - 1;
    }

    long sizeBytes()
    {
        return sectors * 512;
    }

    /** How many writes the kernel counts as begun and not ended; 1 when it does not count. */
    long writesInFlight() throws IOException
    {
        return number(disk.resolve("queue/iostats")) == 0 ? 1 :
            Long.parseLong(text(disk.resolve("inflight")).split("\\s+")[1]);
    }

    private void refuseUntrackable(final Path device) throws IOException
    {
        final String reason;
        if (sectors == 0)
        {
            reason = "it has no medium; attach one";
        }
        else if (sizeBytes() > DirtyLayout.MAX_BYTES)
        {
            reason = "it has " + sizeBytes() + " bytes, expected at most " + DirtyLayout.MAX_BYTES;
        }
        else if (kind == DeviceKind.BIO && disk.toString().contains("/nvme-subsystem/"))
        {
            reason = "it is the head of an NVMe multipath device, whose writes appear on hidden disks; " +
                "load nvme_core with multipath=N";
        }
        else if (Files.exists(disk.resolve("queue/dax")) && number(disk.resolve("queue/dax")) != 0)
        {
            reason = "it can be written through mapped memory (DAX), which no tracepoint shows; track by scan";
        }
        else
        {
            return;
        }
        throw new DeviceException(Errno.EOPNOTSUPP, "cannot track " + device + ": " + reason);
    }

    private static String text(final Path file) throws IOException
    {
        return Files.readString(file).trim();
    }

    private static long number(final Path file) throws IOException
    {
        return Long.parseLong(text(file));
    }
}
