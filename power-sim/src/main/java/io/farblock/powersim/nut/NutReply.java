package io.farblock.powersim.nut;

/**
 * What a client is told, and what becomes of its connection. An immutable value.
 *
 * @param text lines, each with its end.
 */
record NutReply(String text, Then then)
{
    /** What follows an answer. */
    enum Then
    {
        GO_ON,
        ENCRYPT,
        CLOSE
    }

    static NutReply of(final String text)
    {
        return new NutReply(text, Then.GO_ON);
    }
}
