package io.farblock.replication.paths.tls;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.PeerIdentity;
import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.identity.SiteTrust;
import io.farblock.replication.identity.UntrustedException;
import io.farblock.replication.paths.PathSecurity;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3, both sides with a certificate. There are no session tickets, no resumption and no early data: a resumed
 * connection would be believed for what was trusted when it began, not for what is now, and early data can be replayed
 * by whoever recorded it. Paths live long, so a whole handshake each time costs nothing that matters. For the same
 * reason each certificate is judged twice, in the handshake and after it: what counts does not hang on a library's
 * cache.
 *
 * <p>{@link #use} may be called from any thread; connections that begin later follow it.
 */
public final class TlsSecurity implements PathSecurity
{
    /** The network's door, and a path's own patience, are shorter in most cases: this is where neither is. */
    private static final long HANDSHAKE_MS = 5_000;
    /** A close must not wait for a line that carries nothing any more. */
    private static final long CLOSE_MS = 1_000;

    private final SslProvider preferred;
    private volatile Terms terms;

    /** What new connections follow, replaced as a whole. */
    private record Terms(SslContext server, SslContext client, SiteTrust trust, Fingerprint own, int ownSerial)
    {
    }

    /** With BoringSSL where it can be loaded and can take the identity's key. */
    public TlsSecurity(final SiteIdentity identity, final SiteTrust trust)
    {
        this(identity, trust, OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
    }

    TlsSecurity(final SiteIdentity identity, final SiteTrust trust, final SslProvider preferred)
    {
        this.preferred = preferred;
        use(identity, trust);
    }

    /**
     * Takes over another identity, other trust, or both.
     *
     * @throws IllegalStateException when no TLS library can use the identity; everything stays as it was.
     */
    public void use(final SiteIdentity identity, final SiteTrust trust)
    {
        final Terms before = terms;
        final Fingerprint own = identity.fingerprint();
        final int serial = before == null ? 0 : before.own.equals(own) ? before.ownSerial : before.ownSerial + 1;
        try
        {
            terms = new Terms(context(identity, true), context(identity, false), trust, own, serial);
        }
        catch (final SSLException | IllegalArgumentException ex)
        {
            throw new IllegalStateException("cannot use the certificate " + own + ": " + ex.getMessage(), ex);
        }
    }

    @Override
    public void secure(final ChannelPipeline pipeline, final boolean incoming)
    {
        final Terms now = terms;
        final SslHandler handler = (incoming ? now.server : now.client).newHandler(pipeline.channel().alloc());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MS);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MS);
        pipeline.addLast(handler, new HandshakeEnd(this, handler));
    }

    @Override
    public boolean isEncrypted()
    {
        return true;
    }

    @Override
    public String hopeless()
    {
        final Set<String> unprovable = terms.trust.unprovable();
        return unprovable.isEmpty() ? null : "no certificate of " + String.join(", ", unprovable) +
            " is known: farblock pair, or fingerprints below its [[peer]]";
    }

    @Override
    public boolean stillTrusts(final PeerIdentity identity)
    {
        try
        {
            return terms.trust.identify(identity.chain()).sites().containsAll(identity.sites());
        }
        catch (final UntrustedException ex)
        {
            return false;
        }
    }

    @Override
    public int ownSerial()
    {
        return terms.ownSerial;
    }

    @Override
    public boolean isDamage(final Throwable failure)
    {
        return TlsProblem.isDamage(failure);
    }

    @Override
    public String explain(final Throwable failure)
    {
        return TlsProblem.explain(failure, terms.own);
    }

    /** What is trusted at this moment. */
    SiteTrust trust()
    {
        return terms.trust;
    }

    private SslContext context(final SiteIdentity identity, final boolean incoming) throws SSLException
    {
        final X509Certificate[] chain = identity.chain().toArray(new X509Certificate[0]);
        final SslContextBuilder builder = incoming ? SslContextBuilder.forServer(identity.key(), chain) :
            SslContextBuilder.forClient().keyManager(identity.key(), chain)
                // Certificates name sites, not hosts; SiteTrust judges them.
                .endpointIdentificationAlgorithm(null);
        return builder
            .sslProvider(providerFor(identity))
            .protocols("TLSv1.3")
            .clientAuth(ClientAuth.REQUIRE)
            .trustManager(new CertificateJudge(this))
            .build();
    }

    /** BoringSSL neither signs with nor verifies Ed25519 here; two sites that both have such keys meet in the JDK. */
    private SslProvider providerFor(final SiteIdentity identity)
    {
        final String algorithm = identity.key().getAlgorithm();
        return algorithm.equals("EC") || algorithm.equals("RSA") ? preferred : SslProvider.JDK;
    }
}
