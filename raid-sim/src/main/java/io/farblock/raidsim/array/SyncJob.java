package io.farblock.raidsim.array;

/**
 * A walk over the whole array that makes or checks redundancy, a small step at a time. One thread steps; anyone asks
 * how far it is.
 */
interface SyncJob
{
    /** What {@link #step} answers when there is nothing more to do, or nothing more can be done. */
    int DONE = -1;

    /** md's word: resync, recover, check, repair. */
    String action();

    /** How far it is, in sectors of each member. */
    long doneSectors();

    long totalSectors();

    /** Differences found so far, in sectors. */
    default long mismatchSectors()
    {
        return 0;
    }

    /** Works on the next chunk; bytes of a member that it was about, or {@link #DONE}. */
    int step(StripeBuffers work);
}
