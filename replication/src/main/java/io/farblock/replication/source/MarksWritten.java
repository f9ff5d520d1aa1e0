package io.farblock.replication.source;

/**
 * What came of writing the maps down.
 *
 * @param volumes whose writes the kernel marks.
 * @param written of which the map on disk is up to date.
 */
public record MarksWritten(int volumes, int written)
{
    public MarksWritten plus(final MarksWritten other)
    {
        return new MarksWritten(volumes + other.volumes, written + other.written);
    }
}
