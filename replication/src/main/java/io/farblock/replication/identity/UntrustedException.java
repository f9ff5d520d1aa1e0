package io.farblock.replication.identity;

import java.security.cert.CertificateException;

/** A certificate that is not to be believed; the message says which, and what the operator can do. Immutable. */
public final class UntrustedException extends CertificateException
{
    /** Why. */
    public enum Cause
    {
        /** Neither pinned nor issued by the authority. */
        UNKNOWN,
        /** Known, but not valid at this time. */
        DATE
    }

    private final Cause why;

    UntrustedException(final Cause why, final String message)
    {
        super(message);
        this.why = why;
    }

    public Cause why()
    {
        return why;
    }
}
