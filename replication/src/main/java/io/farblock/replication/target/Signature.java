package io.farblock.replication.target;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Keeps a replica from being put on a device that holds something: file systems, partition tables and RAID members
 * write to the first or the last MiB, so a device that is blank there may be taken, and one that is not has an id that
 * the operator must type to let it be overwritten. The id changes with what is there.
 */
final class Signature
{
    private static final int PROBE_BYTES = 1 << 20;
    private static final int ID_DIGITS = 12;

    private Signature()
    {
    }

    /**
     * @throws IOException when the device holds something and {@code overwriteId} is not its id.
     */
    static void requireBlankOr(final String overwriteId, final BlockDevice device) throws IOException
    {
        final String id = idOf(device);
        if (!id.isEmpty() && !id.equals(overwriteId))
        {
            throw new IOException(device.name() + " holds data and is no replica yet; found overwrite = \"" +
                overwriteId + "\", expected overwrite = \"" + id + "\" if all of it may be lost");
        }
    }

    /** Empty for a device that is blank at both ends. */
    private static String idOf(final BlockDevice device) throws IOException
    {
        final long size = device.geometry().sizeBytes();
        final int length = (int)Math.min(PROBE_BYTES, size);
        final ByteBuffer buffer = AlignedBuffers.allocate(PROBE_BYTES);
        try
        {
            final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            boolean blank = true;
            for (final long offset : new long[]{0, size - length})
            {
                final int result = device.read(offset, buffer, 0, length);
                if (result < 0)
                {
                    throw new IOException("cannot read " + device.name() + " at offset " + offset + ": " +
                        Errno.describe(result));
                }
                for (int i = 0; i < length; i++)
                {
                    blank &= buffer.get(i) == 0;
                }
                buffer.limit(length).position(0);
                sha256.update(buffer);
                buffer.clear();
            }
            return blank ? "" : HexFormat.of().formatHex(sha256.digest()).substring(0, ID_DIGITS);
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }
}
