package io.farblock.replication;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.linux.FileSync;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.replication.marks.KeepGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where devices come from: the machine's own in production, memory or simulated disks elsewhere. Each call opens; the
 * caller owns and closes what it got.
 *
 * <p>Failures are thrown as {@link io.farblock.blockdev.DeviceException}, whose message is fit for an operator.
 */
public interface Storage
{
    /** A volume to read from; it may be in use by others. */
    BlockDevice openSource(Path device) throws IOException;

    /**
     * Follows what is written to a block device, from now on or since an earlier process did under the same name.
     *
     * @param name of what is followed, unique on this machine.
     * @throws IOException when it cannot be followed here; says what is missing.
     */
    default DirtyTracker openTracker(final String name, final Path device) throws IOException
    {
        throw new IOException("nothing here follows what is written to " + device);
    }

    /** Stops following what an earlier process may have left under this name. */
    default void forgetTracker(final String name) throws IOException
    {
        // Where nothing can be followed, nothing was left.
    }

    /** What makes files of the state directory durable. */
    default FileSync sync()
    {
        return FileSync.KERNEL;
    }

    /** What is known of the machine's last start. */
    default BootLook bootLook()
    {
        throw new IllegalStateException("nothing is known here of the machine's start");
    }

    /** Somebody who removes these files when nothing was heard for some seconds; nobody, where there is none. */
    default KeepGuard keepGuard(final List<Path> files)
    {
        return KeepGuard.NOBODY;
    }

    /** The array that a device is, as it is now; empty when it is none. */
    default Optional<MdArray> array(final Path device)
    {
        return Optional.empty();
    }

    /**
     * A replica to write to, for this process alone. An image file that does not exist is made, {@code sizeBytes} long,
     * all holes.
     */
    BlockDevice openReplica(Path device, long sizeBytes) throws IOException;

    /** Whether there is nothing at this path: opening it as a replica would have to make it. */
    boolean isMissing(Path device);

    /** A file of our own with the pages of a digest table; made, all zeros, when it is not there or {@code fresh}. */
    BlockDevice openTable(Path file, long sizeBytes, boolean fresh) throws IOException;
}
