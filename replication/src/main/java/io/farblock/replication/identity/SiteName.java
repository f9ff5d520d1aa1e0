package io.farblock.replication.identity;

import java.util.regex.Pattern;

/**
 * What a site may be called, as in the configuration: short enough for a certificate's common name, and a file name
 * that leads nowhere else. Stateless.
 */
public final class SiteName
{
    public static final int LONGEST = 63;
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (LONGEST - 1) + "}");

    private SiteName()
    {
    }

    public static boolean isValid(final String name)
    {
        return SHAPE.matcher(name).matches();
    }

    /** @throws IllegalArgumentException with what was found and expected; control characters are not passed on. */
    public static String check(final String name)
    {
        if (!isValid(name))
        {
            throw new IllegalArgumentException("site name: found \"" + printable(name) +
                "\", expected a letter or digit, then letters, digits, '.', '_' or '-', 63 characters at most");
        }
        return name;
    }

    /** Fit for a terminal, whatever a file or a peer put into it. */
    static String printable(final String text)
    {
        final String cut = text.length() <= 80 ? text : text.substring(0, 80) + "...";
        return cut.replaceAll("[^ -~]", "?");
    }
}
