package io.farblock.replication.merkle;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Errno;

/**
 * The device under a digest tree failed. Whoever works on an epoch catches it, gives the epoch up and says so; the
 * sealed tree is not touched by that.
 */
public final class TreeException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final int errno;

    private TreeException(final String message, final int errno)
    {
        super(message);
        this.errno = errno;
    }

    /** Positive error number. */
    public int errno()
    {
        return errno;
    }

    static void check(final long result, final String what, final BlockDevice device, final long page)
    {
        if (result < 0)
        {
            throw new TreeException("digest table " + device.name() + ": cannot " + what + " page " + page + ": " +
                Errno.describe(result), (int)-result);
        }
    }
}
