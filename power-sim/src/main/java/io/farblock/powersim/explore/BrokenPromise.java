package io.farblock.powersim.explore;

/** What was promised before a power cut does not hold after it; the message says what was found and expected. */
public final class BrokenPromise extends Exception
{
    private static final long serialVersionUID = 1L;

    public BrokenPromise(final String message)
    {
        super(message);
    }

    /** Throws unless it holds. */
    public static void unless(final boolean holds, final String otherwise) throws BrokenPromise
    {
        if (!holds)
        {
            throw new BrokenPromise(otherwise);
        }
    }
}
