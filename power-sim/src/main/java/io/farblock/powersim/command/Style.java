package io.farblock.powersim.command;

import java.util.Locale;

/** What the terminal of whoever reads a picture can show. Immutable. */
public enum Style
{
    /** Nothing beyond ASCII. */
    ASCII('#', '.', false),
    /** Blocks. */
    PLAIN('\u2588', '\u2591', false),
    /** Blocks and colours. */
    COLOUR('\u2588', '\u2591', true);

    private static final String ESCAPE = "\u001b[";

    private final char full;
    private final char empty;
    private final boolean hasColours;

    Style(final char full, final char empty, final boolean hasColours)
    {
        this.full = full;
        this.empty = empty;
        this.hasColours = hasColours;
    }

    /** The word that requests use. */
    public String word()
    {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@link #ASCII}, which everybody can show, for a word that is none. */
    public static Style of(final String word)
    {
        for (final Style style : values())
        {
            if (style.word().equals(word))
            {
                return style;
            }
        }
        return ASCII;
    }

    /** So much of a bar is full. */
    public String bar(final double percent, final int width)
    {
        final int filled = (int)(percent * width / 100);
        return String.valueOf(full).repeat(filled) + String.valueOf(empty).repeat(width - filled);
    }

    /** In the colour of what it says, where there are colours. */
    public String coloured(final String text, final Tone tone)
    {
        return hasColours ? ESCAPE + tone.code + 'm' + text + ESCAPE + "0m" : text;
    }

    /** What a text says, as colours do. */
    public enum Tone
    {
        WELL(32),
        ON_THE_WAY(33),
        LOST(31),
        PLAIN(0);

        private final int code;

        Tone(final int code)
        {
            this.code = code;
        }
    }
}
