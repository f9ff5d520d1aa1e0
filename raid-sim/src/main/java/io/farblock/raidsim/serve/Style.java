package io.farblock.raidsim.serve;

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
    static Style of(final String word)
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
    String bar(final double percent, final int width)
    {
        final int filled = (int)(percent * width / 100);
        return String.valueOf(full).repeat(filled) + String.valueOf(empty).repeat(width - filled);
    }

    /** Green for what is well, red for what is lost, yellow for what is on the way. */
    String coloured(final String text, final String state)
    {
        if (!hasColours)
        {
            return text;
        }
        final int colour = switch (state)
        {
            case "in sync", "clean", "active", "ok", "in use" -> 32;
            case "failed", "given up" -> 31;
            case "spare", "unused" -> 0;
            default -> 33;
        };
        return ESCAPE + colour + 'm' + text + ESCAPE + "0m";
    }
}
