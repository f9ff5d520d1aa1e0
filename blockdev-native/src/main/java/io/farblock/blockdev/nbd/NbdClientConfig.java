package io.farblock.blockdev.nbd;

import java.time.Duration;

/**
 * Which export of which server to open. Immutable.
 *
 * @param address        where the server listens.
 * @param export         the export's name; empty for the server's default one.
 * @param requests       how many requests may be at the server at once; a further caller waits for a free place.
 * @param connectTimeout how long connecting and agreeing may take.
 * @param requestTimeout how long the server may take for a request; one that takes longer ends the connection.
 */
public record NbdClientConfig(NbdAddress address, String export, int requests, Duration connectTimeout,
    Duration requestTimeout)
{
    private static final int MOST_REQUESTS = 1024;

    public NbdClientConfig
    {
        if (requests < 1 || requests > MOST_REQUESTS)
        {
            throw new IllegalArgumentException("requests=" + requests + ", expected 1 to " + MOST_REQUESTS);
        }
        NbdServerConfig.checkPositive("connectTimeout", connectTimeout);
        NbdServerConfig.checkPositive("requestTimeout", requestTimeout);
    }

    /** 16 requests, 10 s to connect, 60 s for a request. */
    public NbdClientConfig(final NbdAddress address, final String export)
    {
        this(address, export, 16, Duration.ofSeconds(10), Duration.ofSeconds(60));
    }

    public NbdClientConfig timeouts(final Duration connect, final Duration request)
    {
        return new NbdClientConfig(address, export, requests, connect, request);
    }

    @Override
    public String toString()
    {
        return address.uri(export);
    }
}
