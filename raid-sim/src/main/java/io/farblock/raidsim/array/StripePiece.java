package io.farblock.raidsim.array;

/**
 * A stretch of columns of one stripe, and the data strips in it that a request is about: all of them whole, within the
 * stretch. An immutable value.
 *
 * @param stripe its number.
 * @param column first byte within the strips.
 * @param length of the stretch, in bytes.
 * @param first  data strip.
 * @param last   data strip, at least first.
 */
record StripePiece(long stripe, int column, int length, int first, int last)
{
    boolean touches(final int strip)
    {
        return strip >= first && strip <= last;
    }

    /** A bit for each strip. */
    long touched()
    {
        return (2L << last) - (1L << first);
    }

    /** Whether it lies in one unit of so many columns, counted from where the strips begin. */
    boolean isWithin(final int unitBytes)
    {
        return column / unitBytes == (column + length - 1) / unitBytes;
    }

    /** How many of its columns there are from one on, up to the next multiple of a unit. */
    int untilMultipleOf(final int unitBytes, final int from)
    {
        return Math.min(unitBytes - (column + from) % unitBytes, length - from);
    }

    /** Some of its columns. */
    StripePiece part(final int from, final int lengthBytes)
    {
        return new StripePiece(stripe, column + from, lengthBytes, first, last);
    }
}
