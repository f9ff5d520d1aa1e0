package io.farblock.daemon.demo;

/** The story cannot go on; the message is for the person who watches. */
public final class DemoException extends Exception
{
    public DemoException(final String message)
    {
        super(message);
    }
}
