package io.farblock.blockdev.linux;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.BufferUtil;

/**
 * What statx(2) says of a path or descriptor, at the moment of the call. An immutable value; {@code errno} is not 0
 * when the call failed, and then the rest means nothing.
 *
 * <pre>
 *   struct statx, native byte order
 *     0  u32 mask           28  u16 mode        40 u64 size
 *   128  u32 rdev major    132  u32 rdev minor  32 u64 inode
 *   136  u32 dev major     140  u32 dev minor   144 u64 mount id
 *   152  u32 direct I/O memory alignment        156 u32 direct I/O offset alignment
 * </pre>
 *
 * @param errno              0, or the positive error number.
 * @param mode               type and permissions, as stat(2).
 * @param inode              with {@code fileSystem}, the identity of a file.
 * @param fileSystem         "major:minor" of the device that holds the file.
 * @param device             "major:minor" that a block or character device node stands for.
 * @param mount              the mount that the path leads through, as in mountinfo; 0 where the kernel does not tell.
 * @param sizeBytes          size of a regular file.
 * @param directKnown        whether the kernel told the next two.
 * @param directMemoryBytes  what a buffer's address must be a multiple of under direct I/O; 0 when it is impossible.
 * @param directOffsetBytes  what offset and length must be multiples of under direct I/O; 0 when it is impossible.
 */
public record FileStatus(int errno, int mode, long inode, String fileSystem, String device, long mount,
    long sizeBytes, boolean directKnown, int directMemoryBytes, int directOffsetBytes)
{
    private static final int STRUCT_BYTES = 256;
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_MNT_ID = 0x1000;
    private static final int STATX_DIOALIGN = 0x2000;
    private static final int TYPE_MASK = 0xf000;

    /** The status of what a path leads to, symbolic links followed. */
    public static FileStatus of(final Path path)
    {
        return of(path.toString());
    }

    /** The same for a path that the JVM's locale may have no letters for. */
    static FileStatus of(final String path)
    {
        return of(AT_FDCWD, path, 0);
    }

    /** The status of what a descriptor has open. */
    static FileStatus of(final int fd)
    {
        return of(fd, "", AT_EMPTY_PATH);
    }

    public boolean isRegularFile()
    {
        return (mode & TYPE_MASK) == 0x8000;
    }

    public boolean isBlockDevice()
    {
        return (mode & TYPE_MASK) == 0x6000;
    }

    public boolean isDirectory()
    {
        return (mode & TYPE_MASK) == 0x4000;
    }

    /** Whether both are the same file or device node, by whatever path they were found. */
    public boolean isSameFile(final FileStatus other)
    {
        return errno == 0 && other.errno == 0 && inode == other.inode && fileSystem.equals(other.fileSystem);
    }

    /** The type for messages: "a directory". */
    public String type()
    {
        return switch (mode & TYPE_MASK)
        {
            case 0x1000 -> "a named pipe";
            case 0x2000 -> "a character device";
            case 0x4000 -> "a directory";
            case 0x6000 -> "a block device";
            case 0x8000 -> "a regular file";
            case 0xc000 -> "a socket";
            default -> "of an unknown type (mode 0" + Integer.toOctalString(mode) + ")";
        };
    }

    private static FileStatus of(final int directoryFd, final String path, final int flags)
    {
        final ByteBuffer memory = AlignedBuffers.allocate(STRUCT_BYTES).order(ByteOrder.nativeOrder());
        try
        {
            final int result = LinuxCalls.statx(
                directoryFd, path, flags, STATX_BASIC_STATS | STATX_MNT_ID | STATX_DIOALIGN,
                BufferUtil.address(memory));
            if (result < 0)
            {
                return new FileStatus(-result, 0, 0, "", "", 0, 0, false, 0, 0);
            }
            return new FileStatus(0, memory.getShort(28) & 0xffff, memory.getLong(32),
                number(memory, 136), number(memory, 128),
                (memory.getInt(0) & STATX_MNT_ID) != 0 ? memory.getLong(144) : 0, memory.getLong(40),
                (memory.getInt(0) & STATX_DIOALIGN) != 0, memory.getInt(152), memory.getInt(156));
        }
        finally
        {
            // the call knows only the address: without this the collector may free the memory under it
            Reference.reachabilityFence(memory);
        }
    }

    private static String number(final ByteBuffer memory, final int index)
    {
        return Integer.toUnsignedString(memory.getInt(index)) + ":" +
            Integer.toUnsignedString(memory.getInt(index + 4));
    }

    /** What went wrong, for messages. */
    String failure()
    {
        return Errno.describe(errno);
    }
}
