package io.farblock.daemon.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link PathProxy} as a program, so that it can be in a network namespace. Takes orders as lines, each a word, a
 * line's number and an argument where there is one, and answers each with a number. Ends with its input. One thread
 * beside the proxy's.
 */
final class PathProxyTool
{
    private PathProxyTool()
    {
    }

    /** Buffer bytes, then for each line where it listens and where it leads. */
    public static void main(final String[] arguments) throws IOException
    {
        final List<InetSocketAddress> listen = new ArrayList<>();
        final List<InetSocketAddress> targets = new ArrayList<>();
        for (int i = 1; i < arguments.length; i += 2)
        {
            listen.add(LabProcess.address(arguments[i]));
            targets.add(LabProcess.address(arguments[i + 1]));
        }
        try (PathProxy proxy = new PathProxy(Integer.parseInt(arguments[0]), listen, targets);
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)))
        {
            System.out.println("ready");
            for (String order = orders.readLine(); order != null; order = orders.readLine())
            {
                final String[] words = order.split(" ");
                System.out.println(
                    obey(proxy, words[0], Integer.parseInt(words[1]), words.length < 3 ? 0 : Long.parseLong(words[2])));
            }
        }
    }

    private static long obey(final PathProxy proxy, final String word, final int line, final long argument)
    {
        return switch (word)
        {
            case "delay" -> proxy.delay(line, argument);
            case "rate" -> proxy.rate(line, argument);
            case "hold" -> proxy.hold(line, argument);
            case "damage" -> proxy.damage(line, argument);
            case "silence" -> proxy.silence(line);
            case "end" -> proxy.end(line);
            case "reset" -> proxy.reset(line);
            case "mend" -> proxy.mend(line);
            case "carried" -> proxy.carriedBytes(line);
            default -> throw new IllegalArgumentException("unknown order " + word);
        };
    }
}
