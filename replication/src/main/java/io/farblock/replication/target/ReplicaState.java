package io.farblock.replication.target;

/**
 * What a replica's bytes are worth.
 *
 * <pre>
 *   NEW ──> SEEDING ──> SEALED <──> APPLYING <──> BLOCKED
 *                                any ──> FAILED
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
    /** On the way from one sealed epoch to the next; a crash here is finished from the journal. */
    APPLYING,
    /** As APPLYING, but the device refuses writes for now. */
    BLOCKED,
    /** A flush failed or a sealed journal is damaged: nothing more is written before an operator looked. */
    FAILED
}
