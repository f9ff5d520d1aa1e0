package io.farblock.blockdev.linux;

/**
 * Means to still one mounted file system. Each call returns {@code >= 0}, or {@code -errno}. Used and closed by one
 * thread; closing does not thaw. An interface so that tests can have a kernel that refuses.
 */
public interface FileSystemHandle extends AutoCloseable
{
    /** Writes what is dirty, and waits for it. */
    int sync();

    /**
     * Flushes all, and from then on has whoever writes wait. {@code -EBUSY} when it is frozen already,
     * {@code -EOPNOTSUPP} when its type has no such thing.
     */
    int freeze();

    /** Lets writers go on; {@code -EINVAL} when it is not frozen. */
    int thaw();

    @Override
    void close();
}
