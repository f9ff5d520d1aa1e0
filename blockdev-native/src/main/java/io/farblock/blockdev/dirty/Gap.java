package io.farblock.blockdev.dirty;

/**
 * A stretch of time in which tracking may have missed a write, until a digest compare of its range has closed it. An
 * immutable value; several occurrences of one cause that nobody has closed yet are one gap.
 *
 * @param cause       why.
 * @param beginMs     since when writes may be missing, in ms since 1970; 0 when that is not known.
 * @param endMs       since when tracking is whole again; 0 while it is not, and then a compare would be of no use yet.
 * @param count       how often it was noticed.
 * @param offsetBytes what may be affected: all of the volume, where it is not known better.
 * @param lengthBytes its length.
 */
public record Gap(GapCause cause, long beginMs, long endMs, long count, long offsetBytes, long lengthBytes)
{
    /** Whether a compare that begins now can close it. */
    public boolean hasEnded()
    {
        return endMs != 0;
    }
}
