package io.farblock.replication.merkle;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * SHA-256 of blocks and tree pages, with one rule on top: what is all zeros has the digest of all zeros, so that holes
 * cost nothing, in a sparse tree least of all. One instance a thread; nothing is allocated per call.
 */
public final class Digest
{
    private final MessageDigest sha256;

    public Digest()
    {
        try
        {
            sha256 = MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    /**
     * The digest of {@code content[position, limit)} into {@code digest}. The position is moved to the limit.
     *
     * @return whether the content is all zeros.
     */
    public boolean of(final ByteBuffer content, final byte[] digest)
    {
        if (isZero(content))
        {
            Arrays.fill(digest, (byte)0);
            content.position(content.limit());
            return true;
        }
        sha256.update(content);
        try
        {
            sha256.digest(digest, 0, TreeShape.DIGEST_BYTES);
        }
        catch (final DigestException ex)
        {
            throw new IllegalArgumentException("digest.length=" + digest.length + ", expected 32", ex);
        }
        return false;
    }

    /** Whether {@code digest} stands for zeros. */
    public static boolean isZero(final byte[] digest)
    {
        int any = 0;
        for (int i = 0; i < TreeShape.DIGEST_BYTES; i++)
        {
            any |= digest[i];
        }
        return any == 0;
    }

    /** Hexadecimal, for people. */
    public static String hex(final byte[] digest)
    {
        return HexFormat.of().formatHex(digest, 0, TreeShape.DIGEST_BYTES);
    }

    private static boolean isZero(final ByteBuffer content)
    {
        int at = content.position();
        final int end = content.limit();
        for (; at <= end - 32; at += 32)
        {
            if ((content.getLong(at) | content.getLong(at + 8) | content.getLong(at + 16) |
                content.getLong(at + 24)) != 0)
            {
                return false;
            }
        }
        for (; at < end; at++)
        {
            if (content.get(at) != 0)
            {
                return false;
            }
        }
        return true;
    }
}
