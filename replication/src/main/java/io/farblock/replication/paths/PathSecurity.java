package io.farblock.replication.paths;

import io.farblock.replication.identity.PeerIdentity;
import io.netty.channel.ChannelPipeline;

/**
 * What makes a connection private and its other side known. What it puts into a pipeline tells the handlers behind it
 * by one user event how that ended: {@link Secured}, or {@link Unsecured}, after which it closes.
 */
public interface PathSecurity
{
    /** Nothing: bytes travel in clear, anybody may connect. The configuration asks for it by name. */
    PathSecurity PLAINTEXT = (pipeline, incoming) -> { };

    /** Why {@link Refusal#NOT_TLS} is refused. */
    String NOT_TLS = "bytes that are not TLS: is insecure = true set there and not here?";

    /** The handshake is done. */
    record Secured(PeerIdentity identity)
    {
    }

    /** There will be no connection. */
    record Unsecured(Refusal kind, String reason)
    {
    }

    /** Called on the event loop before the first byte. */
    void secure(ChannelPipeline pipeline, boolean incoming);

    /** Whether a handshake comes first, and the other side is known after it. */
    default boolean isEncrypted()
    {
        return false;
    }

    /** Why connecting is no use now, and what to do; null when it may work. */
    default String hopeless()
    {
        return null;
    }

    /** Whether a connection that was secured may go on, after what is trusted has changed. */
    default boolean stillTrusts(final PeerIdentity identity)
    {
        return true;
    }

    /** Whether a failure means that bytes were changed on their way. */
    default boolean isDamage(final Throwable failure)
    {
        return false;
    }

    /** A connection's failure, in the words that its path's reason will have. */
    default String explain(final Throwable failure)
    {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Another number whenever this side's own certificate has become another one. */
    default int ownSerial()
    {
        return 0;
    }
}
