package io.farblock.raidsim.disk;

/**
 * One request that a fault made fail, or changed without a word. An immutable value.
 *
 * @param fault       the fault that did it, the very object that was injected.
 * @param operation   what was asked.
 * @param offsetBytes where; 0 for a flush. A misdirected write is on record twice: where it should have landed, and
 *                    where it did.
 * @param lengthBytes how much; 0 for a flush and for the questions about holes.
 * @param errno       what was answered, positive; 0 when the answer was that all is well.
 */
public record FaultHit(DiskFault fault, Operation operation, long offsetBytes, long lengthBytes, int errno)
{
    /** What a disk can be asked. */
    public enum Operation
    {
        READ, WRITE, ZERO, DISCARD, FLUSH, NEXT_DATA, NEXT_HOLE
    }

    /** Whether whoever asked was told that all is well. */
    public boolean isSilent()
    {
        return errno == 0;
    }
}
