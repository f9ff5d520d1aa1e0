package io.farblock.replication.wire;

import java.util.regex.Pattern;

/**
 * Text that the other side wrote, as people may be shown it: on one line, of bounded length, without anything that
 * would command a terminal. Stateless.
 */
public final class ReceivedText
{
    /** As long as a target's own reasons may be. */
    private static final int LIMIT = 1000;
    private static final int NAME_LIMIT = 100;
    /** Control characters, 8-bit ones too, separators of lines, and what is invisible. */
    private static final Pattern UNSHOWN = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private ReceivedText()
    {
    }

    public static String shown(final String text)
    {
        return shown(text, LIMIT);
    }

    /** A name that somebody gave; none of this side's is longer than this shows. */
    public static String name(final String text)
    {
        return shown(text, NAME_LIMIT);
    }

    /** At most so many characters of it. */
    public static String shown(final String text, final int limit)
    {
        final String bounded = text.length() <= limit ? text : text.substring(0, limit) + "...";
        return UNSHOWN.matcher(bounded).replaceAll("?");
    }
}
