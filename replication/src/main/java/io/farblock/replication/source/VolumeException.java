package io.farblock.replication.source;

/** A volume cannot be replicated as it is; the message tells the operator what, where and what to do. */
final class VolumeException extends Exception
{
    private static final long serialVersionUID = 1L;

    VolumeException(final String message)
    {
        super(message);
    }
}
