package io.farblock.replication.paths;

import java.net.InetSocketAddress;

/**
 * One route to a peer.
 *
 * @param name    what status and logs call it.
 * @param local   address to bind, or null for whatever the routing table says.
 * @param remote  where the peer listens.
 * @param cost    in mode {@link PathMode#STANDBY} dearer paths wait until no cheaper one is up.
 * @param metered carries frames only while no other path is up, in any mode.
 */
public record PathConfig(String name, InetSocketAddress local, InetSocketAddress remote, int cost, boolean metered)
{
    /** A path that costs nothing. */
    public PathConfig(final String name, final InetSocketAddress local, final InetSocketAddress remote)
    {
        this(name, local, remote, 0, false);
    }
}
