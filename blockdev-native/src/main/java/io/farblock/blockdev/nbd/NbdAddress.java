package io.farblock.blockdev.nbd;

import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens: a unix socket or a TCP port. Immutable.
 *
 * @param path the unix socket, absolute; null for TCP.
 * @param tcp  the TCP address; null for a unix socket.
 */
public record NbdAddress(Path path, InetSocketAddress tcp)
{
    /** The port that the protocol has at IANA. */
    public static final int DEFAULT_PORT = 10_809;

    private static final String UNIX = "unix:";
    private static final Pattern TCP = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]/]+)(?::(\\d{1,5}))?");

    public NbdAddress
    {
        if ((path == null) == (tcp == null))
        {
            throw new IllegalArgumentException("a unix socket or a TCP address: found " + path + " and " + tcp);
        }
        path = path == null ? null : path.toAbsolutePath();
    }

    public static NbdAddress unix(final Path path)
    {
        return new NbdAddress(path, null);
    }

    public static NbdAddress tcp(final InetSocketAddress address)
    {
        return new NbdAddress(null, address);
    }

    /**
     * {@code unix:PATH}, {@code HOST:PORT}, {@code HOST}; an IPv6 address in brackets. Looks a host name up.
     *
     * @throws IllegalArgumentException with what was expected.
     */
    public static NbdAddress parse(final String text)
    {
        if (text.startsWith(UNIX) && text.length() > UNIX.length())
        {
            return unix(Path.of(text.substring(UNIX.length())));
        }
        final Matcher matcher = TCP.matcher(text);
        final boolean matches = matcher.matches() && !text.startsWith(UNIX);
        final int port = !matches ? -1 : matcher.group(2) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(2));
        if (port < 0 || port > 65_535)
        {
            throw new IllegalArgumentException(
                "'" + text + "' is no NBD address: expected unix:PATH or HOST:PORT with a port of at most 65535");
        }
        final String host = matcher.group(1);
        return tcp(new InetSocketAddress(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
    }

    /** What other programs take to open an export here, such as nbdcopy and qemu. */
    public String uri(final String exportName)
    {
        final String export = encoded(exportName);
        return path != null ? "nbd+unix:///" + export + "?socket=" + encoded(path.toString()) :
            "nbd://" + hostAndPort() + "/" + export;
    }

    @Override
    public String toString()
    {
        return path != null ? UNIX + path : hostAndPort();
    }

    private String hostAndPort()
    {
        final String host = tcp.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + tcp.getPort();
    }

    private static String encoded(final String text)
    {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    }
}
