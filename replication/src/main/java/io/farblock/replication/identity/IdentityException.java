package io.farblock.replication.identity;

import java.io.IOException;

/** A key, a certificate or a file of pins cannot be used; the message says where, what was found and what to do. */
public final class IdentityException extends IOException
{
    private static final long serialVersionUID = 1L;

    public IdentityException(final String message)
    {
        super(message);
    }

    IdentityException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
