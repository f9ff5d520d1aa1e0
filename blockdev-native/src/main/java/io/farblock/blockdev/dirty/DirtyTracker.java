package io.farblock.blockdev.dirty;

/**
 * Knows which granules of a volume may differ from what was harvested before. Never forgets a write: after a harvest,
 * each granule written since the previous one is in the map it filled or will be in the next one's.
 */
public interface DirtyTracker extends AutoCloseable
{
    /**
     * Adds every granule that may have changed to {@code epoch} and forgets it here: from now on it lives in the
     * epoch, and dies only when that epoch is sealed.
     *
     * @return 0, or -errno when the device could not be asked; {@code epoch} then holds what was found so far.
     */
    int harvest(DirtyMap epoch);

    /** Takes back the granules of an epoch that was not sealed. */
    void putBack(DirtyMap epoch);

    @Override
    void close();
}
