package io.farblock.powersim.nut;

/** What cannot be answered, in the protocol's word for it. */
final class NutError extends Exception
{
    private static final long serialVersionUID = 1L;

    /** @param word without "ERR". */
    NutError(final String word)
    {
        super(word, null, false, false);
    }
}
