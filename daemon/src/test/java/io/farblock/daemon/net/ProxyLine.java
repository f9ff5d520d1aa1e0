package io.farblock.daemon.net;

import java.net.InetSocketAddress;
import java.util.Random;

/**
 * One line of a proxy: what it does to what it carries. The proxy's thread, but for the count.
 */
final class ProxyLine
{
    /** Where a byte is damaged: anywhere in so many bytes from now. */
    private static final int DAMAGE_BYTES = 64 << 10;

    final InetSocketAddress listen;
    final InetSocketAddress target;
    long delayNs;
    /** Nothing moves in either direction, and nothing breaks. */
    boolean silent;
    /** Towards the target nothing comes out before. */
    long heldUntilNs;
    private long bytesPerSecond;
    private final long[] freeNs = new long[2];
    private int damageIn = -1;
    private volatile long carriedBytes;

    ProxyLine(final InetSocketAddress listen, final InetSocketAddress target)
    {
        this.listen = listen;
        this.target = target;
    }

    /** @param newRate in each direction; 0 for no limit. */
    void rate(final long newRate)
    {
        bytesPerSecond = newRate;
    }

    /** Damages a byte that is on its way to the target soon. */
    void damage(final Random random)
    {
        damageIn = random.nextInt(DAMAGE_BYTES);
    }

    /** When bytes that come in now come out: after all before them, at the line's rate, and the delay. */
    long dueNs(final int bytes, final boolean towardsTarget, final long nowNs)
    {
        if (bytesPerSecond == 0)
        {
            return nowNs + delayNs;
        }
        final int direction = towardsTarget ? 0 : 1;
        freeNs[direction] = Math.max(nowNs, freeNs[direction]) + (long)(bytes * 1e9 / bytesPerSecond);
        return freeNs[direction] + delayNs;
    }

    /** Which of so many bytes towards the target is to be damaged, as a distance from their end; 0 for none. */
    int damageBeforeEnd(final int bytes)
    {
        if (damageIn < 0)
        {
            return 0;
        }
        final int beforeEnd = bytes - damageIn;
        damageIn = beforeEnd > 0 ? -1 : damageIn - bytes;
        return Math.max(0, beforeEnd);
    }

    /** Bytes went out to the target. */
    void carried(final int bytes)
    {
        carriedBytes += bytes;
    }

    long carriedBytes()
    {
        return carriedBytes;
    }
}
