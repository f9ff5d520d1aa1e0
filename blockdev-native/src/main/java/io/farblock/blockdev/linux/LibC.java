package io.farblock.blockdev.linux;

import jnr.ffi.annotations.Encoding;
import jnr.ffi.types.intptr_t;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The functions of the C library that the program calls, bound by JNR-FFI; public because the binding is generated in
 * another class loader. Only {@link LinuxCalls} uses it: it turns -1 into the error number. Memory is passed as
 * addresses, so nothing is copied. Stateless and thread safe; errno is kept per thread.
 */
public interface LibC
{
    int open(@Encoding("UTF-8") String path, int flags, int mode);

    int close(int fd);

    @ssize_t
    long pread64(int fd, @intptr_t long address, @size_t long lengthBytes, @off_t long offsetBytes);

    @ssize_t
    long pwrite64(int fd, @intptr_t long address, @size_t long lengthBytes, @off_t long offsetBytes);

    int fsync(int fd);

    int fdatasync(int fd);

    int syncfs(int fd);

    int sync_file_range(int fd, @off_t long offsetBytes, @off_t long lengthBytes, int flags);

    int fallocate64(int fd, int mode, @off_t long offsetBytes, @off_t long lengthBytes);

    int ftruncate64(int fd, @off_t long lengthBytes);

    @off_t
    long lseek64(int fd, @off_t long offsetBytes, int whence);

    int flock(int fd, int operation);

    int poll(@intptr_t long address, @size_t long count, int timeoutMs);

    int fcntl(int fd, int command, long argument);

    int ioctl(int fd, long request, @intptr_t long argument);

    int statx(int directoryFd, @Encoding("UTF-8") String path, int flags, int mask, @intptr_t long address);

    @intptr_t
    long mmap(@intptr_t long address, @size_t long lengthBytes, int protection, int flags, int fd,
        @off_t long offsetBytes);

    int munmap(@intptr_t long address, @size_t long lengthBytes);

    long syscall(long number, long first, @intptr_t long second, long third);

    int snprintf(@intptr_t long address, @size_t long capacityBytes, @intptr_t long format, int first, int second,
        int third);
}
