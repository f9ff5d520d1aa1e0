package io.farblock.blockdev.bpf;

import io.farblock.blockdev.Errno;
import java.io.IOException;

/**
 * The kernel refused a program, a map or a pin, or does not have what tracking needs. The message is for the operator;
 * a refused program also carries what the verifier said. Thrown only while tracking is set up or given up, on the
 * calling thread; a harvest answers with {@code -errno} or a gap.
 */
public final class BpfException extends IOException
{
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String log;

    BpfException(final String message)
    {
        this(Errno.EOPNOTSUPP, message, "");
    }

    BpfException(final int errno, final String message)
    {
        this(errno, message, "");
    }

    BpfException(final int errno, final String message, final String log)
    {
        super(log.isEmpty() ? message : message + "; the verifier says:\n" + log);
        this.errno = Math.abs(errno);
        this.log = log;
    }

    /** A command that the kernel refused. */
    static BpfException refused(final String what, final int result)
    {
        final String advice = -result == Errno.EPERM ?
            "; expected the capabilities CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN" : "";
        return new BpfException(result, "cannot " + what + ": " + Errno.describe(result) + advice);
    }

    /** The error number, positive; see {@link Errno}. */
    public int errno()
    {
        return errno;
    }

    /** What the verifier said about a refused program; empty otherwise. */
    public String log()
    {
        return log;
    }
}
