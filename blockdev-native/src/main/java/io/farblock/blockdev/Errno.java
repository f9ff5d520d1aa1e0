package io.farblock.blockdev;

/**
 * The Linux error numbers that block devices return, negated, and their names for messages. Source: errno(3).
 */
public final class Errno
{
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int ENOTBLK = 15;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int ETXTBSY = 26;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int ENOLINK = 67;
    public static final int EOVERFLOW = 75;
    public static final int EILSEQ = 84;
    public static final int EOPNOTSUPP = 95;
    public static final int ENOTCONN = 107;
    public static final int ESHUTDOWN = 108;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EREMOTEIO = 121;
    public static final int EDQUOT = 122;
    public static final int ENOMEDIUM = 123;

    private Errno()
    {
    }

    /** A message for an errno of either sign: {@code "ENOSPC (no space left on device)"}. */
    public static String describe(final long errno)
    {
        return switch ((int)Math.abs(errno))
        {
            case EPERM -> "EPERM (operation not permitted)";
            case ENOENT -> "ENOENT (no such file or directory)";
            case EINTR -> "EINTR (interrupted)";
            case EIO -> "EIO (input/output error)";
            case ENXIO -> "ENXIO (no such device or address)";
            case EBADF -> "EBADF (bad file descriptor)";
            case EAGAIN -> "EAGAIN (resource temporarily unavailable)";
            case ENOMEM -> "ENOMEM (out of memory)";
            case EACCES -> "EACCES (permission denied)";
            case ENOTBLK -> "ENOTBLK (block device required)";
            case EBUSY -> "EBUSY (device or resource busy)";
            case EEXIST -> "EEXIST (file exists)";
            case EXDEV -> "EXDEV (on another file system)";
            case ENODEV -> "ENODEV (no such device)";
            case ENOTDIR -> "ENOTDIR (not a directory)";
            case EISDIR -> "EISDIR (is a directory)";
            case EINVAL -> "EINVAL (invalid argument)";
            case ENFILE -> "ENFILE (too many open files in the system)";
            case EMFILE -> "EMFILE (too many open files)";
            case ENOTTY -> "ENOTTY (inappropriate ioctl for device)";
            case ETXTBSY -> "ETXTBSY (file busy)";
            case EFBIG -> "EFBIG (file too large)";
            case ENOSPC -> "ENOSPC (no space left on device)";
            case EROFS -> "EROFS (read-only file system)";
            case ENAMETOOLONG -> "ENAMETOOLONG (file name too long)";
            case ENOSYS -> "ENOSYS (function not implemented)";
            case ELOOP -> "ELOOP (too many levels of symbolic links)";
            case ENODATA -> "ENODATA (no data available)";
            case ENOLINK -> "ENOLINK (link has been severed)";
            case EOVERFLOW -> "EOVERFLOW (value too large)";
            case EILSEQ -> "EILSEQ (integrity check failed)";
            case EOPNOTSUPP -> "EOPNOTSUPP (operation not supported)";
            case ENOTCONN -> "ENOTCONN (not connected)";
            case ESHUTDOWN -> "ESHUTDOWN (the other side is shutting down)";
            case ETIMEDOUT -> "ETIMEDOUT (timed out)";
            case ECONNREFUSED -> "ECONNREFUSED (connection refused)";
            case EREMOTEIO -> "EREMOTEIO (remote input/output error)";
            case EDQUOT -> "EDQUOT (disk quota exceeded)";
            case ENOMEDIUM -> "ENOMEDIUM (no medium found)";
            default -> "errno " + Math.abs(errno);
        };
    }
}
