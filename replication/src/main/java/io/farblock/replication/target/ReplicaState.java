package io.farblock.replication.target;

/**
 * What a replica's bytes are worth.
 *
 * <pre>
 *   NEW ──> SEEDING ──> SEALED <──> APPLYING <──> BLOCKED
 *                             SEALED <──> UNKNOWN             any ──> FAILED
 * </pre>
 */
enum ReplicaState
{
    /** Never opened by its source. */
    NEW,
    /** The first copy is not complete: no epoch can be shown. */
    SEEDING,
    /** Equal to the newest sealed epoch. */
    SEALED,
    /** Not what was sealed, or not known to be: found damaged, or written to by others. The next epoch mends it. */
    UNKNOWN,
    /** On the way from one sealed epoch to the next; a crash here is finished from the journal. */
    APPLYING,
    /** As APPLYING, but the device refuses writes for now. */
    BLOCKED,
    /** A flush failed or a sealed journal is damaged: nothing more is written before an operator looked. */
    FAILED
}
