package io.farblock.blockdev;

import java.io.IOException;

/**
 * A device or image file could not be opened or created. The message is for the operator: what was tried, on which
 * path, what was found, what was expected, and what to do. The error number is for the program. Thrown only while
 * something is being opened or created, on the calling thread; a device that is open answers with {@code -errno}.
 */
public final class DeviceException extends IOException
{
    private static final long serialVersionUID = 1L;

    private final int errno;

    public DeviceException(final int errno, final String message)
    {
        super(message);
        this.errno = Math.abs(errno);
    }

    /** The error number, positive; see {@link Errno}. */
    public int errno()
    {
        return errno;
    }
}
