package io.farblock.raidsim.disk;

/**
 * What a disk says of its own health, after the attributes of the same names that ATA disks keep. Of what is silent it
 * says nothing, as real ones do not. An immutable value.
 *
 * @param powerOnHours        whole hours under power.
 * @param startStopCount      how often the power came.
 * @param reallocatedSectors  sectors that were unreadable and have been written elsewhere.
 * @param pendingSectors      sectors that a read found unreadable and nobody has written since.
 * @param uncorrectableErrors reads that failed for such a sector.
 * @param crcErrors           requests that the cable garbled.
 * @param bytesRead           what the host was given.
 * @param bytesWritten        what was taken from the host, zeroed ranges included.
 */
public record SmartAttributes(long powerOnHours, long startStopCount, long reallocatedSectors, long pendingSectors,
    long uncorrectableErrors, long crcErrors, long bytesRead, long bytesWritten)
{
}
