package io.farblock.replication.paths.tls;

import io.farblock.replication.identity.UntrustedException;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** What the TLS library asks in the handshake: the site's trust, for either side. Any thread; stateless. */
final class CertificateJudge extends X509ExtendedTrustManager
{
    private final TlsSecurity security;

    CertificateJudge(final TlsSecurity security)
    {
        this.security = security;
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String kind) throws CertificateException
    {
        judge(chain);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String kind) throws CertificateException
    {
        judge(chain);
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String kind, final Socket socket)
        throws CertificateException
    {
        checkClientTrusted(chain, kind);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String kind, final Socket socket)
        throws CertificateException
    {
        checkServerTrusted(chain, kind);
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String kind, final SSLEngine engine)
        throws CertificateException
    {
        checkClientTrusted(chain, kind);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String kind, final SSLEngine engine)
        throws CertificateException
    {
        checkServerTrusted(chain, kind);
    }

    /** None are named in the handshake: with pins there is no issuer, and strangers need not learn whom we trust. */
    @Override
    public X509Certificate[] getAcceptedIssuers()
    {
        return new X509Certificate[0];
    }

    private void judge(final X509Certificate[] chain) throws CertificateException
    {
        try
        {
            security.trust().identify(List.of(chain));
        }
        catch (final UntrustedException ex)
        {
            // BoringSSL tells the other side of this number only; without it, of an internal error.
            throw new OpenSslCertificateException(ex.getMessage(), ex,
                ex.why() == UntrustedException.Cause.DATE ? CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED :
                    CertificateVerifier.X509_V_ERR_CERT_REJECTED);
        }
    }
}
