package io.farblock.replication.identity.pairing;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The secret that a person carries from one site to the other: eight of 32 symbols, none of which is taken for another
 * (no 0 and O, no 1 and I), so 40 bits. Good for one pairing. Immutable; its text appears nowhere unless asked for.
 */
public final class PairingCode
{
    private static final String ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private static final int SYMBOLS = 8;
    private static final Pattern SHAPE = Pattern.compile("[" + ALPHABET + "]{" + SYMBOLS + "}");

    private final String symbols;

    private PairingCode(final String symbols)
    {
        this.symbols = symbols;
    }

    public static PairingCode make(final SecureRandom random)
    {
        final StringBuilder symbols = new StringBuilder();
        for (int i = 0; i < SYMBOLS; i++)
        {
            symbols.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new PairingCode(symbols.toString());
    }

    /** @throws IllegalArgumentException with the words for what was expected. */
    public static PairingCode parse(final String text)
    {
        final String symbols = text.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        if (!SHAPE.matcher(symbols).matches())
        {
            throw new IllegalArgumentException("eight letters and digits such as K7QX-M2PD, with no 0, O, 1 or I");
        }
        return new PairingCode(symbols);
    }

    /** As it is shown: {@code K7QX-M2PD}. */
    public String text()
    {
        return symbols.substring(0, SYMBOLS / 2) + "-" + symbols.substring(SYMBOLS / 2);
    }

    @Override
    public String toString()
    {
        return "a pairing code";
    }

    char[] secret()
    {
        return symbols.toCharArray();
    }
}
