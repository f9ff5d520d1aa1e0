package io.farblock.blockdev.linux;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;

/**
 * Waits until one of some files of sysfs or proc changes, without reading them again and again. It works for the files
 * that the kernel announces changes of (of an md array: array_state, sync_action, degraded; /proc/mdstat for any);
 * others never wake it.
 *
 * <pre>
 *   struct pollfd, native byte order     0 i32 descriptor     4 i16 events wanted     6 i16 events seen
 * </pre>
 *
 * <p>The kernel tells of changes since the file was last read through the same descriptor. So each is read when it is
 * opened and whenever it woke the waiter, before the caller looks at the new state: a change after that look wakes it
 * again, none falls in between. Used and closed by one thread. A file that vanishes wakes the waiter once, and then
 * {@link #isComplete()} is false: open a new one.
 */
public final class AttributePoll implements AutoCloseable
{
    private static final int ENTRY_BYTES = 8;
    private static final int READ_BYTES = 4096;
    private static final int CHANGED = 0x2 | 0x8;

    private final ByteBuffer entries;
    private final ByteBuffer scratch = AlignedBuffers.allocate(READ_BYTES);
    private final int[] fds;
    private boolean complete = true;
    private boolean closed;

    private AttributePoll(final int[] fds)
    {
        this.fds = fds;
        this.entries = AlignedBuffers.allocate(Math.max(1, fds.length) * ENTRY_BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < fds.length; i++)
        {
            entries.putInt(i * ENTRY_BYTES, fds[i]);
            entries.putShort(i * ENTRY_BYTES + 4, (short)CHANGED);
            arm(i);
        }
    }

    /** Opens those of the files that are there; the others are left out. */
    public static AttributePoll open(final List<Path> files)
    {
        NativeSelfTest.verify();
        final List<Integer> opened = new ArrayList<>();
        for (final Path file : files)
        {
            final int fd = LinuxCalls.open(file.toString(), LinuxCalls.O_RDONLY | LinuxCalls.O_NONBLOCK, 0);
            if (fd >= 0)
            {
                opened.add(fd);
            }
        }
        return new AttributePoll(opened.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * Waits until a file has changed since it was opened or last seen to change.
     *
     * @param timeoutMs at least 0.
     * @return 1 after a change, 0 after the timeout or a signal, or -errno.
     */
    public int await(final int timeoutMs)
    {
        if (closed)
        {
            return -Errno.EBADF;
        }
        final int result = poll(Math.max(0, timeoutMs));
        if (result <= 0)
        {
            return result == -Errno.EINTR ? 0 : result;
        }
        for (int i = 0; i < fds.length; i++)
        {
            if (entries.getShort(i * ENTRY_BYTES + 6) != 0)
            {
                arm(i);
            }
        }
        return 1;
    }

    /** Whether every file that was opened can still be read. */
    public boolean isComplete()
    {
        return complete;
    }

    private int poll(final int timeoutMs)
    {
        try
        {
            return LinuxCalls.poll(BufferUtil.address(entries), fds.length, timeoutMs);
        }
        finally
        {
            // the call knows only the address: without this the collector may free the memory under it
            Reference.reachabilityFence(entries);
        }
    }

    /** Reads the file's beginning. One that cannot be read any more is left out, or later polls would never wait. */
    private void arm(final int index)
    {
        try
        {
            final int read = LinuxCalls.readSome(fds[index], BufferUtil.address(scratch), READ_BYTES, 0);
            if (read < 0)
            {
                complete = false;
                entries.putInt(index * ENTRY_BYTES, -1);
            }
        }
        finally
        {
            Reference.reachabilityFence(scratch);
        }
    }

    @Override
    public void close()
    {
        if (!closed)
        {
            closed = true;
            for (final int fd : fds)
            {
                LinuxCalls.close(fd);
            }
        }
    }
}
