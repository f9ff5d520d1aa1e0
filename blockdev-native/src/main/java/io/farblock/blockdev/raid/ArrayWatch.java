package io.farblock.blockdev.raid;

import io.farblock.blockdev.linux.AttributePoll;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Waits for an array to change. Woken by the kernel: by the attributes array_state, sync_action and degraded, and by
 * mdstat, which changes when any array does (so also when this one is created, stopped, or gets a spare). How far a
 * sync has come changes silently: whoever shows it reads it again after a timeout of {@link #await}.
 *
 * <p>Used and closed by one thread, which sleeps in the kernel meanwhile. A change between two waits is not lost: the
 * next returns at once. An array that is not there is waited for.
 */
public final class ArrayWatch implements AutoCloseable
{
    private static final List<String> ATTRIBUTES = List.of("array_state", "sync_action", "degraded");

    private static final Set<String> STOPPED = Set.of("clear", "inactive");
    /** How late it is noticed that a stopped array has gone: a few tiny reads twice a second, only while it lingers. */
    private static final int STOPPING_SLICE_MS = 500;

    private final MdSysfs sysfs;
    private final String name;
    private final Path mdstat;
    private AttributePoll poll;
    private List<Path> files;

    /** Of the running system. */
    public ArrayWatch(final String name)
    {
        this(new MdSysfs(), Path.of("/proc"), name);
    }

    /** Of the system whose proc is mounted at {@code proc}. */
    public ArrayWatch(final MdSysfs sysfs, final Path proc, final String name)
    {
        this.sysfs = sysfs;
        this.name = name;
        this.mdstat = proc.resolve("mdstat");
        reopen();
    }

    /** The array as it is now. */
    public MdArray read()
    {
        return sysfs.read(name);
    }

    /**
     * Waits until something about the array may have changed since this object was made or last returned 1.
     *
     * @param timeoutMs at least 0; at most so long it waits.
     * @return 1 after a change, 0 when nothing has changed, or -errno.
     */
    public int await(final int timeoutMs)
    {
        int leftMs = timeoutMs;
        int result;
        do
        {
            final int sliceMs = isStopping() ? Math.min(leftMs, STOPPING_SLICE_MS) : leftMs;
            result = poll.await(sliceMs);
            leftMs -= sliceMs;
            // an array that stopped and came back has new files under the same names
            if (result >= 0 && (!poll.isComplete() || !files.equals(existing())))
            {
                reopen();
                return 1;
            }
        }
        while (result == 0 && leftMs > 0);
        return result;
    }

    /** Whether the array is there without running; the kernel does not announce that it takes such a one away. */
    private boolean isStopping()
    {
        return STOPPED.contains(new SysfsAttributes(sysfs.directory(name)).text("array_state"));
    }

    private void reopen()
    {
        if (poll != null)
        {
            poll.close();
        }
        files = existing();
        poll = AttributePoll.open(files);
    }

    private List<Path> existing()
    {
        final Path directory = sysfs.directory(name);
        return Stream.concat(ATTRIBUTES.stream().map(directory::resolve),
            Stream.of(mdstat)).filter(Files::exists).toList();
    }

    @Override
    public void close()
    {
        poll.close();
    }
}
