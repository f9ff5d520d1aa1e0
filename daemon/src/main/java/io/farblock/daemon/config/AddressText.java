package io.farblock.daemon.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Network addresses: {@code 127.0.0.1:7700}, {@code [::1]:7700}, {@code host.example:7700}. Never asks a name server:
 * a host name stays unresolved, and whoever connects looks it up each time. Stateless.
 */
public final class AddressText
{
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]+]|[^:\\[\\]]+):(\\d{1,5})");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern ONLY_DIGITS_AND_DOTS = Pattern.compile("[\\d.]+");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private AddressText()
    {
    }

    /** @throws IllegalArgumentException with the words for what was expected. */
    public static InetSocketAddress parse(final String text, final boolean nameAllowed)
    {
        final String expected = nameAllowed ? "HOST:PORT with a port from 1 to 65535"
            : "IP:PORT with a port from 1 to 65535";
        final Matcher matcher = WITH_PORT.matcher(text);
        if (!matcher.matches())
        {
            throw new IllegalArgumentException(expected);
        }
        final int port = Integer.parseInt(matcher.group(2));
        if (port < 1 || port > 65_535)
        {
            throw new IllegalArgumentException(expected);
        }
        final String host = matcher.group(1);
        if (nameAllowed && HOST.matcher(host).matches() && !ONLY_DIGITS_AND_DOTS.matcher(host).matches())
        {
            return InetSocketAddress.createUnresolved(host, port);
        }
        return new InetSocketAddress(literal(host, expected), port);
    }

    /** An address without a port, to bind to: any port. */
    static InetSocketAddress parseLocal(final String text)
    {
        final String bracketed = text.contains(":") && !text.startsWith("[") ? "[" + text + "]" : text;
        return new InetSocketAddress(literal(bracketed, "an IP address without a port"), 0);
    }

    private static InetAddress literal(final String host, final String expected)
    {
        if (!host.startsWith("[") && !IPV4.matcher(host).matches())
        {
            throw new IllegalArgumentException(expected);
        }
        try
        {
            // Given a literal, this only parses; anything else was refused above.
            return InetAddress.getByName(host);
        }
        catch (final UnknownHostException malformed)
        {
            throw new IllegalArgumentException(expected, malformed);
        }
    }
}
