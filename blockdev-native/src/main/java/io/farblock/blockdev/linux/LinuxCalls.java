package io.farblock.blockdev.linux;

import io.farblock.blockdev.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Runtime;

/**
 * System calls as functions that return {@code >= 0}, or {@code -errno}. A call that a signal interrupted is made
 * again; nothing else is retried. Memory is given by address: the caller keeps the buffer reachable during the call.
 *
 * <p>Stateless, thread safe, allocates nothing except for paths. The constants are those of x86-64 and aarch64.
 */
final class LinuxCalls
{
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    /** The one flag here whose value differs between the two architectures. */
    static final int O_DIRECT = "aarch64".equals(System.getProperty("os.arch")) ? 0x10000 : 0x4000;

    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;
    static final int FALLOC_FL_ZERO_RANGE = 16;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;
    static final int LOCK_EX = 2;
    static final int LOCK_EX_NB = 2 | 4;
    static final int SYNC_FILE_RANGE_WRITE = 2;

    static final long BLKROGET = 0x125e;
    static final long BLKSSZGET = 0x1268;
    static final long BLKDISCARD = 0x1277;
    static final long BLKZEROOUT = 0x127f;
    static final long BLKGETSIZE64 = 0x80081272L;
    /** Freezes a file system: all that was written is on the device, and whoever writes waits. */
    static final long FIFREEZE = 0xC0045877L;
    static final long FITHAW = 0xC0045878L;
    /** Makes a file share all the extents of another; its argument is that one's descriptor. */
    static final long FICLONE = 0x40049409L;

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_SHARED = 1;
    /** bpf(2) has no function in the C library, so its number is needed. */
    private static final long NR_BPF = "aarch64".equals(System.getProperty("os.arch")) ? 280 : 321;

    private static final LibC C =
        LibraryLoader.create(LibC.class).load(Platform.getNativePlatform().getStandardCLibraryName());
    private static final Runtime RUNTIME = Runtime.getRuntime(C);

    private LinuxCalls()
    {
    }

    /** open(2): a descriptor, or -errno. The descriptor is closed on exec. */
    static int open(final String path, final int flags, final int mode)
    {
        int result;
        do
        {
            result = orErrno(C.open(path, flags | O_CLOEXEC, mode));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** close(2). Not retried after EINTR: Linux has freed the descriptor, which may already be another thread's. */
    static int close(final int fd)
    {
        return orErrno(C.close(fd));
    }

    /** pread(2) until all is there: {@code lengthBytes}, or -errno; the end of the file before that is -EIO. */
    static int readFully(final int fd, final long address, final int lengthBytes, final long offsetBytes)
    {
        int done = 0;
        while (done < lengthBytes)
        {
            final long result = orErrno(C.pread64(fd, address + done, lengthBytes - done, offsetBytes + done));
            if (result > 0)
            {
                done += (int)result;
            }
            else if (result != -Errno.EINTR)
            {
                return result == 0 ? -Errno.EIO : (int)result;
            }
        }
        return lengthBytes;
    }

    /** pread(2) once: how many bytes there were, 0 at the end of the file, or -errno. */
    static int readSome(final int fd, final long address, final int lengthBytes, final long offsetBytes)
    {
        long result;
        do
        {
            result = orErrno(C.pread64(fd, address, lengthBytes, offsetBytes));
        }
        while (result == -Errno.EINTR);
        return (int)result;
    }

    /** pwrite(2) until all is written: {@code lengthBytes}, or -errno; a device that takes nothing more is -EIO. */
    static int writeFully(final int fd, final long address, final int lengthBytes, final long offsetBytes)
    {
        int done = 0;
        while (done < lengthBytes)
        {
            final long result = orErrno(C.pwrite64(fd, address + done, lengthBytes - done, offsetBytes + done));
            if (result > 0)
            {
                done += (int)result;
            }
            else if (result != -Errno.EINTR)
            {
                return result == 0 ? -Errno.EIO : (int)result;
            }
        }
        return lengthBytes;
    }

    /** fsync(2): 0, or -errno. */
    static int fsync(final int fd)
    {
        int result;
        do
        {
            result = orErrno(C.fsync(fd));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** fdatasync(2): 0, or -errno. */
    static int fdatasync(final int fd)
    {
        int result;
        do
        {
            result = orErrno(C.fdatasync(fd));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** syncfs(2), of the file system that holds an open file: 0, or -errno. */
    static int syncfs(final int fd)
    {
        int result;
        do
        {
            result = orErrno(C.syncfs(fd));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** sync_file_range(2): 0, or -errno. */
    static int syncFileRange(final int fd, final long offsetBytes, final long lengthBytes, final int flags)
    {
        int result;
        do
        {
            result = orErrno(C.sync_file_range(fd, offsetBytes, lengthBytes, flags));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** fallocate(2): 0, or -errno. */
    static int fallocate(final int fd, final int mode, final long offsetBytes, final long lengthBytes)
    {
        int result;
        do
        {
            result = orErrno(C.fallocate64(fd, mode, offsetBytes, lengthBytes));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** ftruncate(2): 0, or -errno. */
    static int ftruncate(final int fd, final long lengthBytes)
    {
        int result;
        do
        {
            result = orErrno(C.ftruncate64(fd, lengthBytes));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** lseek(2): the new offset, or -errno. */
    static long lseek(final int fd, final long offsetBytes, final int whence)
    {
        return orErrno(C.lseek64(fd, offsetBytes, whence));
    }

    /** flock(2): 0, or -errno; -EAGAIN when another open file has the lock. */
    static int flock(final int fd, final int operation)
    {
        int result;
        do
        {
            result = orErrno(C.flock(fd, operation));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** poll(2): how many descriptors have news, or -errno; -EINTR is not retried, since the time is the caller's. */
    static int poll(final long address, final int count, final int timeoutMs)
    {
        return orErrno(C.poll(address, count, timeoutMs));
    }

    /** Takes status flags (O_DIRECT, O_NONBLOCK) off an open descriptor: 0, or -errno. */
    static int clearFlags(final int fd, final int flags)
    {
        final int current = orErrno(C.fcntl(fd, F_GETFL, 0));
        return current < 0 ? current : orErrno(C.fcntl(fd, F_SETFL, current & ~flags));
    }

    /** ioctl(2) with its argument, a number or an address: {@code >= 0}, or -errno. */
    static int ioctl(final int fd, final long request, final long argument)
    {
        int result;
        do
        {
            result = orErrno(C.ioctl(fd, request, argument));
        }
        while (result == -Errno.EINTR);
        return result;
    }

    /** statx(2): 0, or -errno. */
    static int statx(final int directoryFd, final String path, final int flags, final int mask, final long address)
    {
        return orErrno(C.statx(directoryFd, path, flags, mask, address));
    }

    /** mmap(2) of a whole object, shared, for reading and writing: its address, or -errno. */
    static long mapShared(final int fd, final long lengthBytes)
    {
        return orErrno(C.mmap(0, lengthBytes, PROT_READ_WRITE, MAP_SHARED, fd, 0));
    }

    /** munmap(2): 0, or -errno. */
    static int unmap(final long address, final long lengthBytes)
    {
        return orErrno(C.munmap(address, lengthBytes));
    }

    /** bpf(2): {@code >= 0}, or -errno. */
    static int bpf(final int command, final long address, final int sizeBytes)
    {
        long result;
        do
        {
            result = orErrno(C.syscall(NR_BPF, command, address, sizeBytes));
        }
        while (result == -Errno.EINTR);
        return (int)result;
    }

    /** Prints three numbers: a call of exactly six integer arguments, for {@link NativeSelfTest}. */
    static int print(final long address, final int capacityBytes, final long format, final int first,
        final int second, final int third)
    {
        return C.snprintf(address, capacityBytes, format, first, second, third);
    }

    private static int orErrno(final int result)
    {
        return result == -1 ? -errno() : result;
    }

    private static long orErrno(final long result)
    {
        return result == -1 ? -errno() : result;
    }

    private static int errno()
    {
        final int errno = RUNTIME.getLastError();
        return errno > 0 ? errno : Errno.EIO;
    }
}
