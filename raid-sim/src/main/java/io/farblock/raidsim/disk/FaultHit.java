package io.farblock.raidsim.disk;

/**
 * One request that a fault made fail. An immutable value.
 *
 * @param fault       the fault that did it, the very object that was injected.
 * @param operation   what was asked.
 * @param offsetBytes where; 0 for a flush.
 * @param lengthBytes how much; 0 for a flush and for the questions about holes.
 * @param errno       what was answered, positive.
 */
public record FaultHit(DiskFault fault, Operation operation, long offsetBytes, long lengthBytes, int errno)
{
    /** What a disk can be asked. */
    public enum Operation
    {
        READ, WRITE, ZERO, DISCARD, FLUSH, NEXT_DATA, NEXT_HOLE
    }
}
