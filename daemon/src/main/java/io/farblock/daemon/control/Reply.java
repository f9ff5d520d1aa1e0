package io.farblock.daemon.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.VerifyResult;

/**
 * One line to a client. {@code reply} says which of the other fields is there: {@code status}, {@code started} and
 * {@code progress} (group), {@code epoch}, {@code verify}, {@code done}, {@code reloaded} (message), or {@code error}
 * (exit and message). All but progress end a request.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reply(
    String reply,
    DaemonStatus status,
    GroupStatus group,
    EpochResult epoch,
    VerifyResult verify,
    Integer exit,
    String message)
{
    static Reply status(final DaemonStatus status)
    {
        return new Reply("status", status, null, null, null, null, null);
    }

    static Reply started(final GroupStatus group)
    {
        return new Reply("started", null, group, null, null, null, null);
    }

    static Reply progress(final GroupStatus group)
    {
        return new Reply("progress", null, group, null, null, null, null);
    }

    static Reply epoch(final EpochResult epoch)
    {
        return new Reply("epoch", null, null, epoch, null, null, null);
    }

    static Reply verify(final VerifyResult verify)
    {
        return new Reply("verify", null, null, null, verify, null, null);
    }

    static Reply done()
    {
        return new Reply("done", null, null, null, null, null, null);
    }

    static Reply reloaded(final String message)
    {
        return new Reply("reloaded", null, null, null, null, null, message);
    }

    static Reply error(final ExitCode exit, final String message)
    {
        return new Reply("error", null, null, null, null, exit.number(), message);
    }

    /** Whether the request goes on after this line. */
    boolean moreFollows()
    {
        return "progress".equals(reply);
    }

    boolean isError()
    {
        return "error".equals(reply);
    }
}
