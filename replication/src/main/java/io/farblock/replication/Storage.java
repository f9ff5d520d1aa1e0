package io.farblock.replication;

import io.farblock.blockdev.BlockDevice;
import java.io.IOException;
import java.nio.file.Path;

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
     * A replica to write to, for this process alone. An image file that does not exist is made, {@code sizeBytes} long,
     * all holes.
     */
    BlockDevice openReplica(Path device, long sizeBytes) throws IOException;

    /** Whether opening the replica would have to make it. */
    boolean isMissing(Path device);

    /** A file of our own with the pages of a digest table; made, all zeros, when it is not there or {@code fresh}. */
    BlockDevice openTable(Path file, long sizeBytes, boolean fresh) throws IOException;
}
