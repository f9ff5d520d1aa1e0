package io.farblock.replication.source;

/**
 * What the epoch agent is doing.
 *
 * <pre>
 *   IDLE ──> WAITING ──> OPEN ──┬─> RESYNC ──> OPEN
 *    ^         ^             ├─> VERIFY ──> IDLE, WAITING (repair)
 *    │         │             └─> SEND ──> SEAL ──> APPLY ──> IDLE
 *    │         └── DRAIN <────────┴─────────┘
 *    └───────────────┘ (what cannot be retried)
 * </pre>
 *
 * Each phase but IDLE may go to IDLE with a failure that only the operator can mend, and all up to VERIFY to WAITING
 * when the session is lost.
 */
enum EpochPhase
{
    /** Nothing asked for. */
    IDLE,
    /** Until a path is up and a retry is due. */
    WAITING,
    /** Asking the target which copy it holds of each volume. */
    OPEN,
    /** Bringing the digest table in line with the target's. */
    RESYNC,
    /** Having the target read its replica back. */
    VERIFY,
    /** Capturing into the ring. */
    SEND,
    /** All is captured; the target is to say that it is durable and agreed. */
    SEAL,
    /** Sealed; the target brings the replica up to it. */
    APPLY,
    /** Failed; until nothing of the attempt is in the ring. */
    DRAIN;

    boolean allows(final EpochPhase next)
    {
        return switch (this)
        {
            case IDLE -> next == WAITING;
            case WAITING -> next == OPEN || next == IDLE;
            case OPEN -> next == RESYNC || next == VERIFY || next == SEND || next == WAITING || next == IDLE;
            case RESYNC -> next == OPEN || next == WAITING || next == IDLE;
            case VERIFY -> next == IDLE || next == WAITING;
            case SEND -> next == SEAL || next == DRAIN;
            case SEAL -> next == APPLY || next == DRAIN;
            case APPLY -> next == IDLE || next == WAITING;
            case DRAIN -> next == WAITING || next == IDLE;
        };
    }
}
