package io.farblock.blockdev.dirty;

import java.util.List;

/**
 * Knows which granules of a volume may differ from what was harvested before. Never forgets a write: after a harvest,
 * each granule written since the previous one is in the map it filled or will be in the next one's. Where it may have
 * missed a write it says so with a {@link Gap}.
 *
 * <p>One epoch at a time: it may be harvested into several times, then it is either sealed or put back. One thread.
 */
public interface DirtyTracker extends AutoCloseable
{
    /**
     * Adds every granule that may have changed to {@code epoch} and forgets it here: from now on it lives in the
     * epoch, and dies only when that epoch is sealed. Read the device only after this has returned; then look at
     * {@link #gaps()}, which now include whatever happened before.
     *
     * @return 0, or -errno when the device could not be asked; {@code epoch} then holds what was found so far, and is
     *         to be put back.
     */
    int harvest(DirtyMap epoch);

    /** Takes back the granules of an epoch that was not sealed. */
    void putBack(DirtyMap epoch);

    /**
     * Names granules again in the next harvest, although the epoch that holds them may be sealed: what was read may be
     * older than the marks that were taken.
     */
    void carry(DirtyMap granules);

    /**
     * Whether nothing was written since the last harvest began, nor was in flight then: what was read since is the
     * device at one instant. False also when that is not known. {@link #gaps} include whatever happened before.
     */
    boolean isStill();

    /** The epoch that was harvested is sealed: a tracker that outlives the process need not bring it back. */
    void sealed();

    /** Where writes may have been missed and no compare has been reported yet; empty when nothing was. */
    List<Gap> gaps();

    /**
     * The gap's range was compared, from begin to end after the gap's end.
     *
     * @param gap as {@link #gaps()} gave it before the compare began.
     * @return whether it is closed; not if more happened since, or if it still goes on.
     */
    boolean closeGap(Gap gap);

    @Override
    void close();
}
