package io.farblock.blockdev.nbd;

/**
 * What a server tells whoever runs it. Called on the server's threads, several at once; must not wait. Each text is
 * short and holds nothing that a client sent.
 */
public interface NbdEvents
{
    /** Nobody listens. */
    NbdEvents NONE = new NbdEvents()
    {
    };

    /** A client has chosen an export. */
    default void opened(final String client, final String export)
    {
    }

    /** A connection has ended, whether or not it was opened. */
    default void closed(final String client, final String reason)
    {
    }

    /** A device threw what it should have returned; the client was told EIO. */
    default void failed(final String device, final Throwable cause)
    {
    }
}
