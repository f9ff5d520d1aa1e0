package io.farblock.powersim.nut;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Makes TLS of a PEM file that holds certificates and their key, as upsd's CERTFILE does. Stateless. */
public final class PemIdentity
{
    private static final Pattern KEY =
        Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = new char[0];

    private PemIdentity()
    {
    }

    /** @throws IOException with a message for people. */
    public static SSLContext read(final Path file) throws IOException
    {
        final String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        final Matcher key = KEY.matcher(text);
        if (!key.find() || !text.contains("-----BEGIN CERTIFICATE-----"))
        {
            throw new IOException("found no certificate with an unencrypted key, expected PEM with \"BEGIN " +
                "CERTIFICATE\" and \"BEGIN PRIVATE KEY\"; make both: openssl req -x509 -newkey rsa:2048 -nodes -days " +
                "3650 -subj /CN=localhost -keyout - -out - > " + file);
        }
        try
        {
            final List<Certificate> chain = List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(
                new ByteArrayInputStream(KEY.matcher(text).replaceAll("").getBytes(StandardCharsets.ISO_8859_1))));
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("ups", privateKey(Base64.getMimeDecoder().decode(key.group(1))), NO_PASSWORD,
                chain.toArray(new Certificate[0]));
            final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }
        catch (final GeneralSecurityException | IllegalArgumentException unusable)
        {
            throw new IOException("found a certificate or key that cannot be used (" + unusable.getMessage() +
                "), expected a certificate and its own RSA or EC key", unusable);
        }
    }

    private static PrivateKey privateKey(final byte[] der) throws GeneralSecurityException
    {
        try
        {
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        }
        catch (final InvalidKeySpecException other)
        {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        }
    }
}
