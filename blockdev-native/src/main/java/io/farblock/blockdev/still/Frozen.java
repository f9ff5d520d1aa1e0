package io.farblock.blockdev.still;

import io.farblock.blockdev.linux.MountedFileSystem;
import java.util.List;

/**
 * File systems that are frozen until {@link #thaw}. While they are, whoever writes to them waits, this process
 * included, and a thread that waits so in the middle of Java code (a memory-mapped file) stops all others at the next
 * garbage collection. So between freeze and thaw nothing may be written to a file or log, and little allocated: read
 * the devices into memory that is there. Owned by the thread that froze.
 */
public final class Frozen implements AutoCloseable
{
    private final Freezer freezer;
    private final List<MountedFileSystem> fileSystems;
    private boolean thawed;
    private boolean held;
    private long pauseNs;

    Frozen(final Freezer freezer, final List<MountedFileSystem> fileSystems)
    {
        this.freezer = freezer;
        this.fileSystems = fileSystems;
    }

    /** Whether nothing is mounted on the devices, so that nothing was frozen. */
    public boolean isEmpty()
    {
        return fileSystems.isEmpty();
    }

    /** What is frozen. */
    public List<MountedFileSystem> fileSystems()
    {
        return fileSystems;
    }

    /**
     * Thaws all. Called again it does nothing and gives the same answer.
     *
     * @return whether all of them had been frozen the whole time; if not, the watchdog or somebody else thawed one
     *         before, and what was read in between is no consistent cut.
     */
    public boolean thaw()
    {
        if (!thawed)
        {
            thawed = true;
            held = freezer.thaw();
            pauseNs = freezer.pauseNs();
        }
        return held;
    }

    /** How long somebody who wrote had to wait at most, once it is thawed. */
    public long pauseNs()
    {
        return pauseNs;
    }

    @Override
    public void close()
    {
        thaw();
    }
}
