package io.farblock.powersim.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens. An immutable value.
 *
 * @param host a name or an address.
 * @param port 0 for any that is free.
 */
public record HostPort(String host, int port)
{
    private static final Pattern SHAPE = Pattern.compile("(\\[[0-9A-Fa-f:.%]+\\]|[^:\\s\\[\\]]+):(\\d{1,5})");
    private static final int MOST_PORT = 65_535;

    /** @throws IllegalArgumentException with the words for what was expected. */
    public static HostPort parse(final String text)
    {
        final Matcher matcher = SHAPE.matcher(text);
        if (matcher.matches() && Integer.parseInt(matcher.group(2)) <= MOST_PORT)
        {
            return new HostPort(matcher.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(matcher.group(2)));
        }
        throw new IllegalArgumentException("an address such as \"127.0.0.1:3493\" or \"[::1]:3493\"");
    }

    @Override
    public String toString()
    {
        return (host.contains(":") ? '[' + host + ']' : host) + ':' + port;
    }
}
