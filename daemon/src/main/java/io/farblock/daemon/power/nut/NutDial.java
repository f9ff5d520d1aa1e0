package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;
import io.farblock.replication.identity.SiteTrust;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What has to be known before one server can be connected to, and may block: its address, and whom to trust there.
 * Both anew for each attempt, on a short thread of its own, never more than one at a time: addresses change, files are
 * replaced, and name servers that do not answer must keep nobody else waiting. A name with several addresses gets them
 * tried in turn.
 */
final class NutDial
{
    /** The system's resolver, or a test's. */
    interface Resolver
    {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** Hears how it ended; called on any thread. */
    interface Listener
    {
        /** @param tls null when nothing is to be encrypted. */
        void onReady(InetSocketAddress address, SslContext tls);

        void onFailed(String problem);
    }

    private final UpsConfig ups;
    private final Resolver resolver;
    private final AtomicBoolean running = new AtomicBoolean();
    /** Touched by the one thread that runs. */
    private int tries;

    NutDial(final UpsConfig ups, final Resolver resolver)
    {
        this.ups = ups;
        this.resolver = resolver;
    }

    void begin(final String threadName, final Listener listener)
    {
        if (!running.compareAndSet(false, true))
        {
            listener.onFailed("its name is still being looked up: do the name servers answer?");
            return;
        }
        final Thread thread = new Thread(() -> dial(listener), threadName);
        thread.setDaemon(true);
        thread.start();
    }

    private void dial(final Listener listener)
    {
        InetSocketAddress address = null;
        SslContext tls = null;
        String problem = "";
        try
        {
            final InetAddress[] found = resolver.resolve(ups.host());
            address = new InetSocketAddress(found[Math.floorMod(tries++, found.length)], ups.port());
            tls = ups.tls() == UpsConfig.Tls.OFF ? null : context();
        }
        catch (final UnknownHostException ex)
        {
            problem = "no address is known for that name: " + ex.getMessage();
        }
        catch (final IOException | RuntimeException ex)
        {
            problem = String.valueOf(ex.getMessage());
        }
        finally
        {
            // Before anybody hears of it, and may ask again.
            running.set(false);
        }
        if (problem.isEmpty())
        {
            listener.onReady(address, tls);
        }
        else
        {
            listener.onFailed(problem);
        }
    }

    /**
     * The JDK's TLS: there are few of these connections, and nothing is to be freed by hand. A context serves one
     * connection, so that no session is taken up again that was agreed under an authority that is gone.
     */
    private SslContext context() throws IOException
    {
        final SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2");
        if (ups.authority() == null)
        {
            return builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null)
                .build();
        }
        // An authority vouches for many servers: only the name tells this one from the others.
        return builder.trustManager(SiteTrust.authorities(ups.authority()).toArray(new X509Certificate[0]))
            .endpointIdentificationAlgorithm("HTTPS").build();
    }
}
