package io.farblock.replication.marks;

import java.io.IOException;

/** A saved map cannot be read or written; the message says what was found, what was expected and where. */
public final class MarkException extends IOException
{
    private static final long serialVersionUID = 1L;

    public MarkException(final String message)
    {
        super(message);
    }
}
