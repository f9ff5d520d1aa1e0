package io.farblock.replication.lineage;

import java.util.Locale;

/**
 * How the bytes of a sealed epoch belong together, from the weakest to the strongest. The order is what travels and
 * what is stored: new classes go to the end.
 */
public enum Consistency
{
    /** Read from a moving device: blocks of different moments. Never a state that the device was in. */
    FUZZY,
    /** One instant, as after a power cut. */
    CRASH,
    /** One instant, with its file systems frozen: nothing to recover. */
    FS,
    /** One instant, with the application at rest: its hooks ran. */
    APP;

    /**
     * The class of a number that came over the wire or from a file; {@link #FUZZY} for one that is not known, since
     * nothing may be promised of it.
     */
    public static Consistency of(final int number)
    {
        return number >= 0 && number < values().length ? values()[number] : FUZZY;
    }

    /** The class of a word of {@link #text}; {@link #FUZZY} for any other. */
    public static Consistency of(final String text)
    {
        for (final Consistency each : values())
        {
            if (each.text().equals(text))
            {
                return each;
            }
        }
        return FUZZY;
    }

    /** As it is shown: "crash". */
    public String text()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
