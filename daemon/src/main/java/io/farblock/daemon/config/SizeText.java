package io.farblock.daemon.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as people write them: {@code 64KiB}, {@code 256M}, {@code 8GiB}. Units are powers of 1024. {@code MB} and the
 * like are refused, because half of the readers take them for powers of 1000. Stateless.
 */
public final class SizeText
{
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,18}) ?(|B|[KMGT]|[KMGT]iB)");
    private static final String UNITS = "BKMGT";

    private SizeText()
    {
    }

    /**
     * @return bytes.
     * @throws IllegalArgumentException with the words for what was expected.
     */
    public static long parse(final String text)
    {
        final Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches())
        {
            throw new IllegalArgumentException("a whole number with one of B, KiB, MiB, GiB, TiB");
        }
        final String unit = matcher.group(2);
        final int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit.charAt(0));
        try
        {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
        }
        catch (final ArithmeticException overflow)
        {
            throw new IllegalArgumentException("a size under 8192 PiB", overflow);
        }
    }

    /** Exact if a unit divides it, otherwise with one or two decimals. */
    public static String of(final long bytes)
    {
        int power = 0;
        double value = bytes;
        while (Math.abs(value) >= 1024 && power < UNITS.length() - 1)
        {
            value /= 1024;
            power++;
        }
        final String unit = power == 0 ? " B" : " " + UNITS.charAt(power) + "iB";
        if (value == Math.rint(value))
        {
            return (long)value + unit;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.2f%s" : "%.1f%s", value, unit);
    }
}
