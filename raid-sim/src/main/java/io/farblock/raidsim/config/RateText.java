package io.farblock.raidsim.config;

import io.farblock.powersim.plan.Quantity;

/** Speeds as people write them: {@code 200M/s}, {@code 1GiB/s}, {@code none}. Stateless. */
public final class RateText
{
    private static final String PER_SECOND = "/s";
    private static final long LEAST = 4096;

    private RateText()
    {
    }

    /**
     * @return bytes a second; 0 for no limit.
     * @throws IllegalArgumentException with the words for what was expected.
     */
    public static long parse(final String text)
    {
        if (text.equals("none"))
        {
            return 0;
        }
        final String bytes = text.endsWith(PER_SECOND) ? text.substring(0, text.length() - 2) : "";
        try
        {
            final long rate = Quantity.bytes(bytes);
            if (rate >= LEAST)
            {
                return rate;
            }
        }
        catch (final IllegalArgumentException unreadable)
        {
            // the words below are better
        }
        throw new IllegalArgumentException("a speed such as \"200M/s\", at least \"4K/s\", or \"none\"");
    }
}
