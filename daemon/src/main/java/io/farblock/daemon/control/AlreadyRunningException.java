package io.farblock.daemon.control;

/** Another daemon holds the control socket. Its message says what to do. */
public final class AlreadyRunningException extends IllegalStateException
{
    AlreadyRunningException(final String message)
    {
        super(message);
    }
}
