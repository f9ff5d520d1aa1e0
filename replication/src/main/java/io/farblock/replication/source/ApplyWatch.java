package io.farblock.replication.source;

import io.farblock.replication.source.SourceSession.AttemptReport;
import io.farblock.replication.wire.sbe.VolumeStateDecoder;
import org.agrona.DirectBuffer;

/**
 * Follows a sealed epoch until the target has applied it or says why it cannot. The seal is durable there: whatever
 * comes of this, the epoch is sealed, and whoever waits must not wait for the target's disk to be mended.
 *
 * <p>In the session of the attempt the target tells by itself. After a restart of the target, which applies what it
 * sealed before it listens, it is asked; it may have to read its device before it can answer. Its groups recover as a
 * whole, so one volume speaks for all.
 *
 * <p>Capture thread.
 */
final class ApplyWatch
{
    private final SourceGroup group;
    private final EpochAttempt attempt;
    private final SourceSession session;
    private final SendStage sender;
    private final PeerRequests requests;
    private final RetryTimer retry;
    private boolean finished;
    private String reason = "";

    ApplyWatch(
        final SourceGroup group,
        final EpochAttempt attempt,
        final SourceSession session,
        final SendStage sender,
        final PeerRequests requests,
        final RetryTimer retry)
    {
        this.group = group;
        this.attempt = attempt;
        this.session = session;
        this.sender = sender;
        this.requests = requests;
        this.retry = retry;
        requests.forget();
        retry.reset();
    }

    /** Whether there is nothing more to wait for. */
    boolean isFinished()
    {
        return finished;
    }

    /** What is waited for, or why it is not applied; empty when it is. */
    String reason()
    {
        return reason;
    }

    int step()
    {
        if (session.serial() == attempt.session)
        {
            return listen(session.report());
        }
        if (!requests.isWaiting() && sender.readySession() >= 0 && retry.isDue())
        {
            requests.openVolume(group.name(), group.volumes().get(0));
        }
        return requests.poll(this::onVolumeState);
    }

    private int listen(final AttemptReport report)
    {
        final boolean isOurs = report.attempt() == attempt.number;
        if (isOurs && (report.state() == AttemptReport.State.APPLIED || !report.reason().isEmpty()))
        {
            finish(report.state() == AttemptReport.State.APPLIED ? "" : report.reason());
        }
        return finished ? 1 : 0;
    }

    private void onVolumeState(final int template, final DirectBuffer frame)
    {
        if (template != VolumeStateDecoder.TEMPLATE_ID)
        {
            return;
        }
        final VolumeAnswer answer = VolumeAnswer.of(frame);
        if (answer.sealedEpoch() >= attempt.epoch)
        {
            finish("");
        }
        else if (answer.refusal().isEmpty())
        {
            finish("the target was restarted and has applied epoch " + answer.sealedEpoch() + ", but epoch " +
                attempt.epoch + " was sealed: the next epoch compares and mends it");
        }
        else if (answer.retryable())
        {
            reason = answer.refusal();
            retry.backOff();
        }
        else
        {
            finish(answer.refusal());
        }
    }

    private void finish(final String why)
    {
        reason = why;
        finished = true;
    }
}
