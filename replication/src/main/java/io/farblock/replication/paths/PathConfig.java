package io.farblock.replication.paths;

import java.net.InetSocketAddress;

/**
 * One route to a peer.
 *
 * @param name   what status and logs call it.
 * @param local  address to bind, or null for whatever the routing table says.
 * @param remote where the peer listens.
 */
public record PathConfig(String name, InetSocketAddress local, InetSocketAddress remote)
{
}
