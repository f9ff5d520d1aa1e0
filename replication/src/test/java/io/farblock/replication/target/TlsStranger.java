package io.farblock.replication.target;

import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.FrameRules;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.HelloEncoder;
import io.farblock.replication.wire.sbe.MessageHeaderDecoder;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.RefuseDecoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.agrona.concurrent.UnsafeBuffer;

/** Somebody with a TLS library of his own, who believes everybody and says what a test wants him to. One thread. */
final class TlsStranger implements AutoCloseable
{
    private static final int TIMEOUT_MS = 20_000;

    private final SSLSocket socket;

    /** @param identity null for a client without a certificate. */
    TlsStranger(final InetSocketAddress target, final SiteIdentity identity, final String protocol) throws Exception
    {
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity == null ? null : keys(identity), new TrustManager[]{new Credulous()}, new SecureRandom());
        socket = (SSLSocket)context.getSocketFactory().createSocket(target.getAddress(), target.getPort());
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setEnabledProtocols(new String[]{protocol});
    }

    /** The handshake as this side sees it; the other may judge later. Returns what went wrong, or an empty text. */
    String shakeHandsAndRead()
    {
        try
        {
            socket.startHandshake();
            return socket.getInputStream().read() < 0 ? "closed" : "answered";
        }
        catch (final IOException ex)
        {
            return ex.getMessage();
        }
    }

    void hello(final String site, final long session) throws IOException
    {
        final ByteBuffer frame = Frames.of(buffer -> new HelloEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .sessionHigh(session).sessionLow(session).blockBytes(65536).site(site).path("raw").limit());
        final byte[] bytes = new byte[frame.capacity()];
        frame.get(0, bytes);
        socket.getOutputStream().write(bytes);
    }

    /** Why the target refuses the connection, as it says itself before it closes. */
    String awaitRefusal() throws IOException
    {
        final DataInputStream in = new DataInputStream(socket.getInputStream());
        final int bodyBytes = Integer.reverseBytes(in.readInt());
        final byte[] bytes = new byte[bodyBytes + Frame.BODY_OFFSET];
        in.readFully(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
        final UnsafeBuffer frame = new UnsafeBuffer(bytes);
        if (FrameRules.templateOf(frame) != RefuseDecoder.TEMPLATE_ID)
        {
            return "not refused";
        }
        return new RefuseDecoder().wrapAndApplyHeader(frame, Frame.BODY_OFFSET, new MessageHeaderDecoder()).reason();
    }

    @Override
    public void close() throws IOException
    {
        socket.close();
    }

    private static KeyManager[] keys(final SiteIdentity identity) throws Exception
    {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
            "site", identity.key(), new char[0], identity.chain().toArray(new X509Certificate[0]));
        final KeyManagerFactory factory = KeyManagerFactory.getInstance("NewSunX509");
        final KeyStore.Builder builder =
            KeyStore.Builder.newInstance(store, new KeyStore.PasswordProtection(new char[0]));
        factory.init(new javax.net.ssl.KeyStoreBuilderParameters(builder));
        return factory.getKeyManagers();
    }

    /** Believes everybody. */
    private static final class Credulous extends X509ExtendedTrustManager
    {
        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String kind)
        {
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String kind)
        {
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String kind, final java.net.Socket socket)
        {
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String kind, final java.net.Socket socket)
        {
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String kind, final SSLEngine engine)
        {
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String kind, final SSLEngine engine)
        {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers()
        {
            return new X509Certificate[0];
        }
    }
}
