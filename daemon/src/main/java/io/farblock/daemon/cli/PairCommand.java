package io.farblock.daemon.cli;

import io.farblock.daemon.config.AddressText;
import io.farblock.daemon.config.ConfigException;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.control.ControlException;
import io.farblock.replication.identity.pairing.PairingCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code farblock pair}: two sites pin each other's certificate with a code that a person carries from one to the
 * other. Reads what was asked for; {@link SitePairing} does it. The main thread.
 */
@Command(name = "pair", description = "Pin another site's certificate, and have it pin this one's.",
    mixinStandardHelpOptions = true)
final class PairCommand implements Runnable
{
    private static final String SITE = "name of the only site to pair with";
    private static final String REPLACE = "if it is pinned already: from now on by the new certificate only";
    private static final Duration LONGEST = Duration.ofHours(1);

    @Spec
    private CommandSpec spec;

    /** What remains to be done when the configuration is read. */
    private interface Work
    {
        int run(SitePairing pairing) throws IOException, ControlException;
    }

    @Override
    public void run()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "pair offer or pair join HOST:PORT?");
    }

    @Command(name = "offer", description = "Show a code, and wait for the site on which it is typed.",
        mixinStandardHelpOptions = true)
    int offer(
        @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration file")
        final Path config,
        @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "0.0.0.0:7709",
            description = "where to wait (default: ${DEFAULT-VALUE})") final String listen,
        @Option(names = "--for", paramLabel = "DURATION", defaultValue = "10m",
            description = "how long to wait (default: ${DEFAULT-VALUE})") final String duration,
        @Option(names = "--site", paramLabel = "NAME", description = SITE) final String site,
        @Option(names = "--replace", description = REPLACE) final boolean replace)
        throws IOException, ControlException, ConfigException
    {
        final InetSocketAddress address = parsed("--listen", listen, text -> AddressText.parse(text, false));
        final Duration limit = parsed("--for", duration, PairCommand::limit);
        return with(config, site, replace, pairing -> pairing.offer(address, limit.toNanos()));
    }

    @Command(name = "join", description = "Go to the site that shows the code.", mixinStandardHelpOptions = true)
    int join(
        @Parameters(paramLabel = "HOST:PORT", description = "the site that waits") final String remote,
        @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration file")
        final Path config,
        @Option(names = "--code", paramLabel = "CODE", description = "the code; asked for when it is not given")
        final String code,
        @Option(names = "--site", paramLabel = "NAME", description = SITE) final String site,
        @Option(names = "--replace", description = REPLACE) final boolean replace)
        throws IOException, ControlException, ConfigException
    {
        final InetSocketAddress address = parsed("HOST:PORT", remote, text -> AddressText.parse(text, true));
        return with(config, site, replace, pairing ->
            pairing.join(address, parsed("--code", code == null ? ask() : code, PairingCode::parse)));
    }

    private int with(final Path file, final String site, final boolean replace, final Work work)
        throws IOException, ControlException, ConfigException
    {
        if (replace && site == null)
        {
            throw new CommandLine.ParameterException(spec.commandLine(), "--replace: found no --site NAME beside it, " +
                "expected the site whose certificate is replaced: who is given the code must not take another's place");
        }
        return work.run(new SitePairing(
            ConfigFile.read(file), site, replace, spec.commandLine().getOut(), spec.commandLine().getErr()));
    }

    /** One line of standard input; a code is good once and for minutes, so that it may be seen while it is typed. */
    private String ask() throws IOException
    {
        final PrintWriter err = spec.commandLine().getErr();
        err.print("code that the other site shows: ");
        err.flush();
        final String line =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line;
    }

    private static Duration limit(final String text)
    {
        final Duration limit = DurationText.parse(text);
        if (limit.compareTo(LONGEST) > 0)
        {
            throw new IllegalArgumentException("1h at most: a code that lies about is found");
        }
        return limit;
    }

    private <T> T parsed(final String what, final String text, final Function<String, T> parser)
    {
        try
        {
            return parser.apply(text);
        }
        catch (final IllegalArgumentException wrong)
        {
            throw new CommandLine.ParameterException(spec.commandLine(),
                what + ": found \"" + text + "\", expected " + wrong.getMessage());
        }
    }
}
