package io.farblock.blockdev.raid;

/**
 * Ends the reading of a member at the first thing that makes its bitmap unusable; never leaves the package, where it
 * becomes an {@link Unusable}. On the calling thread.
 */
final class UnusableException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final Unusable.Cause cause;

    UnusableException(final Unusable.Cause cause, final String reason)
    {
        super(reason);
        this.cause = cause;
    }

    Unusable toUnusable(final String member)
    {
        return new Unusable(cause, member + ": " + getMessage());
    }

    static void require(final boolean holds, final Unusable.Cause cause, final String reason) throws UnusableException
    {
        if (!holds)
        {
            throw new UnusableException(cause, reason);
        }
    }
}
