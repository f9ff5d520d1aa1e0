package io.farblock.raidsim.array;

import java.io.IOException;

/**
 * An array cannot be made, opened or changed as asked. The message is for people: what was asked, what was found, what
 * was expected, and what to do. Nothing was changed.
 */
public final class RaidException extends IOException
{
    private static final long serialVersionUID = 1L;

    public RaidException(final String message)
    {
        super(message);
    }
}
