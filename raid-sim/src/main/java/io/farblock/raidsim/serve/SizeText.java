package io.farblock.raidsim.serve;

import java.util.Locale;

/** Sizes for people to read, in powers of 1024. Stateless. */
final class SizeText
{
    private static final String UNITS = "BKMGTP";

    private SizeText()
    {
    }

    /** Exact if a unit divides it, otherwise with one decimal. */
    static String of(final long bytes)
    {
        int power = 0;
        double value = bytes;
        while (value >= 1024 && power < UNITS.length() - 1)
        {
            value /= 1024;
            power++;
        }
        final String unit = power == 0 ? " B" : " " + UNITS.charAt(power) + "iB";
        return value == Math.rint(value) ? (long)value + unit : String.format(Locale.ROOT, "%.1f%s", value, unit);
    }
}
