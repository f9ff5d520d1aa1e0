package io.farblock.replication.identity.pairing;

/** Why a pairing cannot go on: the end it comes to, and what was found. Bytes of a peer are not in the message. */
public final class PairingException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final PairingEnd end;

    PairingException(final PairingEnd end, final String message)
    {
        super(message);
        this.end = end;
    }

    public PairingEnd end()
    {
        return end;
    }
}
