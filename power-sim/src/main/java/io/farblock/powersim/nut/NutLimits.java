package io.farblock.powersim.nut;

import java.util.concurrent.TimeUnit;

/**
 * What one client, and all together, can make a server keep. An immutable value.
 *
 * @param connections at a time.
 * @param idleNs      until a connection that says nothing whole is closed; upsd takes a minute.
 */
public record NutLimits(int connections, long idleNs)
{
    /** Enough for a machine room. */
    public static NutLimits typical()
    {
        return new NutLimits(128, TimeUnit.MINUTES.toNanos(1));
    }
}
