package io.farblock.blockdev.nbd;

import io.farblock.blockdev.Errno;

/**
 * Error numbers on the wire and of devices. The protocol knows eight; whatever else a device says is told as the
 * nearest of them, and a number that it does not know is taken for EIO. Stateless.
 */
final class WireErrors
{
    private WireErrors()
    {
    }

    /** @param errno positive, as the device gave it; 0 for success. */
    static int toWire(final int errno)
    {
        return switch (errno)
        {
            case Errno.EPERM, Errno.EACCES, Errno.EROFS -> Errno.EPERM;
            case Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG -> Errno.ENOSPC;
            case Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.ENOTTY -> Errno.EOPNOTSUPP;
            case 0, Errno.ENOMEM, Errno.EINVAL, Errno.EOVERFLOW, Errno.ESHUTDOWN -> errno;
            default -> Errno.EIO;
        };
    }

    /** @return a positive errno; the protocol's numbers are Linux's. */
    static int fromWire(final int error)
    {
        return switch (error)
        {
            case Errno.EPERM, Errno.ENOMEM, Errno.EINVAL, Errno.ENOSPC, Errno.EOVERFLOW, Errno.EOPNOTSUPP,
                Errno.ESHUTDOWN -> error;
            default -> Errno.EIO;
        };
    }
}
