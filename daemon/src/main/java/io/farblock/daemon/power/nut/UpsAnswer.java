package io.farblock.daemon.power.nut;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a UPS answered, all that is asked for of it. Figures that it does not give, or gives as no figure, are -1:
 * what is decided by them must also do without. Immutable.
 *
 * @param status as it stands in {@code ups.status}; null when it is not there.
 */
record UpsAnswer(String status, double chargePercent, long runtimeNs, double loadPercent)
{
    static final String STATUS = "ups.status";
    static final String CHARGE = "battery.charge";
    static final String RUNTIME = "battery.runtime";
    static final String LOAD = "ups.load";

    private static final double NS_PER_SECOND = 1e9;
    /** Nine digits of seconds are 31 years, and fit into nanoseconds; signs and exponents are not for a gauge. */
    private static final Pattern FIGURE = Pattern.compile("\\s*(\\d{1,9}(?:\\.\\d{0,9})?)\\s*[%s]?\\s*");

    /** From values as they came; null for one that did not. */
    static UpsAnswer of(final String status, final String charge, final String runtime, final String load)
    {
        final double runtimeSeconds = figure(runtime);
        return new UpsAnswer(status, figure(charge),
            runtimeSeconds < 0 ? -1 : (long)(runtimeSeconds * NS_PER_SECOND), figure(load));
    }

    private static double figure(final String text)
    {
        if (text == null)
        {
            return -1;
        }
        final Matcher matcher = FIGURE.matcher(text);
        return matcher.matches() ? Double.parseDouble(matcher.group(1)) : -1;
    }
}
