package io.farblock.replication.paths.tls;

import io.farblock.replication.identity.PeerIdentity;
import io.farblock.replication.identity.UntrustedException;
import io.farblock.replication.paths.PathSecurity.Secured;
import io.farblock.replication.paths.PathSecurity.Unsecured;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Turns the end of a handshake into who the other side is, or why it was refused; then leaves. Event loop. */
final class HandshakeEnd extends ChannelInboundHandlerAdapter
{
    private final TlsSecurity security;
    private final SslHandler handler;

    HandshakeEnd(final TlsSecurity security, final SslHandler handler)
    {
        this.security = security;
        this.handler = handler;
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event)
    {
        if (event instanceof SslHandshakeCompletionEvent end)
        {
            context.fireUserEventTriggered(end.isSuccess() ? outcome() :
                new Unsecured(TlsProblem.kindOf(end.cause()), security.explain(end.cause())));
            context.pipeline().remove(this);
        }
        else
        {
            context.fireUserEventTriggered(event);
        }
    }

    private Object outcome()
    {
        final SSLSession session = handler.engine().getSession();
        try
        {
            final List<X509Certificate> chain = Arrays.stream(session.getPeerCertificates())
                .map((final Certificate certificate) -> (X509Certificate)certificate).toList();
            final PeerIdentity identity = security.trust().identify(chain);
            // Nobody is to come back by this session: the JDK keeps them otherwise.
            session.invalidate();
            return new Secured(identity);
        }
        catch (final SSLPeerUnverifiedException | UntrustedException ex)
        {
            return new Unsecured(TlsProblem.kindOf(ex), security.explain(ex));
        }
    }
}
