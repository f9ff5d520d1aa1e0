package io.farblock.replication.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** What a digest tree must say, computed from all leaves each time it is asked. */
public final class NaiveTree
{
    private final byte[][] leaves;

    public NaiveTree(final int blocks)
    {
        leaves = new byte[blocks][32];
    }

    private NaiveTree(final byte[][] leaves)
    {
        this.leaves = leaves;
    }

    public NaiveTree copy()
    {
        return new NaiveTree(leaves.clone());
    }

    public int blocks()
    {
        return leaves.length;
    }

    public void set(final int block, final byte[] digest)
    {
        leaves[block] = digest.clone();
    }

    public void zero(final int first, final int count)
    {
        for (int block = first; block < first + count; block++)
        {
            leaves[block] = new byte[32];
        }
    }

    public byte[] get(final int block)
    {
        return leaves[block];
    }

    public long nextNonZero(final int from)
    {
        int block = from;
        while (block < leaves.length && Arrays.equals(leaves[block], new byte[32]))
        {
            block++;
        }
        return block;
    }

    public byte[] root()
    {
        byte[][] level = leaves;
        do
        {
            final byte[][] above = new byte[(level.length + 127) / 128][];
            for (int page = 0; page < above.length; page++)
            {
                above[page] = digestOf(level, page * 128);
            }
            level = above;
        }
        while (level.length > 1);
        return level[0];
    }

    private static byte[] digestOf(final byte[][] level, final int first)
    {
        final byte[] page = new byte[4096];
        for (int i = 0; i < 128 && first + i < level.length; i++)
        {
            System.arraycopy(level[first + i], 0, page, i * 32, 32);
        }
        if (Arrays.equals(page, new byte[4096]))
        {
            return new byte[32];
        }
        try
        {
            return MessageDigest.getInstance("SHA-256").digest(page);
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new AssertionError(ex);
        }
    }
}
