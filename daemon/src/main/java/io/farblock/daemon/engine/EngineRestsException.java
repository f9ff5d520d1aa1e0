package io.farblock.daemon.engine;

/** The site stands down for the power: nothing can be asked of its engine now. The message says why. */
public final class EngineRestsException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    EngineRestsException(final String reason)
    {
        super(reason);
    }
}
