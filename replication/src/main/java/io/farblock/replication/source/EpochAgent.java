package io.farblock.replication.source;

import io.farblock.replication.Quiesce;
import io.farblock.replication.merkle.TreeException;
import io.farblock.replication.source.SourceSession.AttemptReport;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.StageMeter;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one job at a time through its phases (see {@link EpochPhase}): agrees with the target on where it stands,
 * captures, waits for the seal, and starts over when a session is lost on the way. One step per call, never blocking on
 * the network; only the device's reads are waited for.
 *
 * <p>Thread {@code src-capture}.
 */
final class EpochAgent implements Agent
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");

    private final List<SourceGroup> groups;
    private final SourceRing ring;
    private final SourceSession session;
    private final SendStage sender;
    private final PeerRequests requests;
    private final CaptureStage capture;
    private final Quiesce quiesce;
    private final AckTracker ackTracker = new AckTracker();
    private final Queue<GroupJob> jobs;
    private final NanoClock clock;
    private final RetryTimer retry;

    private EpochPhase phase = EpochPhase.IDLE;
    private GroupJob job;
    private SourceGroup group;
    private long epochSession;
    private OpenPass opening;
    private VerifyPass verify;
    private ApplyWatch applying;
    private EpochAttempt attempt;
    private Cut cut;
    private long attemptNumber;
    private boolean retryable;
    private String failure = "";
    private long jobStartNs;

    EpochAgent(
        final List<SourceGroup> groups,
        final SourceRing ring,
        final SourceSession session,
        final SendStage sender,
        final PeerRequests requests,
        final Queue<GroupJob> jobs,
        final SourceRuntime runtime)
    {
        this.groups = groups;
        this.ring = ring;
        this.session = session;
        this.sender = sender;
        this.requests = requests;
        this.capture = new CaptureStage(ring);
        this.jobs = jobs;
        this.quiesce = runtime.quiesce();
        this.clock = runtime.clock();
        this.retry = new RetryTimer(clock);
        // From anywhere: the target may still speak of an attempt of this process's last life.
        this.attemptNumber = runtime.random().getAsLong() >>> 1;
    }

    @Override
    public void onStart()
    {
        capture.meter().started();
        groups.forEach(each -> each.volumes().forEach(SourceVolume::track));
        // Then: what an application writes that goes on now is followed already.
        groups.forEach(each -> each.rest().recover());
    }

    @Override
    public int doWork()
    {
        try
        {
            return switch (phase)
            {
                case IDLE -> takeJob();
                case WAITING -> await();
                case OPEN, RESYNC -> open();
                case VERIFY -> verify();
                case SEND -> send();
                case SEAL -> awaitSeal();
                case APPLY -> awaitApply();
                case DRAIN -> drain();
            };
        }
        catch (final TreeException | IOException ex)
        {
            giveUp(ex.getMessage(), false);
            return 1;
        }
    }

    /** Whoever waits is told; what was open is put back by the next life, which compares. */
    @Override
    public void onClose()
    {
        final String reason = "replication stops at this site";
        for (GroupJob left = job; left != null; left = jobs.poll())
        {
            left.stop(reason);
        }
        closeCut();
        quiesce.close();
        groups.forEach(each -> each.volumes().forEach(SourceVolume::close));
    }

    @Override
    public String roleName()
    {
        return "src-capture";
    }

    StageMeter meter()
    {
        return capture.meter();
    }

    private int takeJob()
    {
        final GroupJob next = jobs.poll();
        if (next == null)
        {
            return 0;
        }
        begin(next);
        return 1;
    }

    /** A group that waits for a retry must not keep the others waiting. */
    private int yieldTurn()
    {
        final GroupJob next = jobs.poll();
        if (next == null)
        {
            return 0;
        }
        jobs.offer(job);
        phase = EpochPhase.IDLE;
        begin(next);
        return 1;
    }

    private void begin(final GroupJob next)
    {
        job = next;
        job.begun().set(true);
        group = job.group();
        jobStartNs = clock.nanoTime();
        retry.reset();
        transition(EpochPhase.WAITING, "");
    }

    private int await()
    {
        if (sender.readySession() < 0)
        {
            return 0;
        }
        if (!retry.isDue())
        {
            return yieldTurn();
        }
        try
        {
            for (final SourceVolume volume : group.volumes())
            {
                volume.open();
            }
        }
        catch (final VolumeException ex)
        {
            finish(false, ex.getMessage());
            return 1;
        }
        epochSession = sender.readySession();
        opening = new OpenPass(group, requests);
        transition(EpochPhase.OPEN, "");
        return 1;
    }

    private int open() throws IOException
    {
        if (isSessionLost())
        {
            return lost();
        }
        final int work = opening.step();
        if (!opening.problem().isEmpty())
        {
            giveUp(opening.problem(), opening.isRetryable());
        }
        else if (opening.isComparing() && phase == EpochPhase.OPEN)
        {
            transition(EpochPhase.RESYNC, "digests differ from the target's: comparing");
        }
        else if (!opening.isComparing() && phase == EpochPhase.RESYNC)
        {
            transition(EpochPhase.OPEN, "");
        }
        else if (opening.isFinished() && job.isVerify())
        {
            verify = new VerifyPass(group, requests, job.repair(), opening.newestEpoch());
            transition(EpochPhase.VERIFY, "");
        }
        else if (opening.isFinished())
        {
            begin();
        }
        return work;
    }

    private int verify() throws IOException
    {
        if (isSessionLost())
        {
            return lost();
        }
        final int work = verify.step();
        if (verify.isFinished())
        {
            final boolean repairs = job.repair() && verify.foundDamage();
            group.volumes().forEach(SourceVolume::closeDevice);
            if (repairs)
            {
                // What the target forgot differs from our table now: an epoch finds that out and sends it.
                transition(EpochPhase.WAITING, "sending damaged blocks again");
                final GroupJob asked = job;
                final VerifyPass pass = verify;
                job = GroupJob.epoch(group);
                job.epoch().thenAccept(
                    result -> asked.verify().complete(pass.result(result.sealed(), result.reason())));
            }
            else
            {
                complete(verify);
            }
        }
        return work;
    }

    private void complete(final VerifyPass pass)
    {
        final GroupJob asked = job;
        job = null;
        transition(EpochPhase.IDLE, "");
        asked.verify().complete(pass.result(false, ""));
    }

    private void begin() throws IOException
    {
        attempt = new EpochAttempt(
            group.name(), Math.max(opening.newestEpoch(), group.newestSealed()) + 1, ++attemptNumber, epochSession,
            clock.nanoTime());
        session.expect(attempt.number);
        group.attempt(attempt);
        capture.begin(attempt, group);
        transition(EpochPhase.SEND, "");
        cut = Cut.of(new CutContext(group, ring, capture, ackTracker, quiesce, clock), attempt);
        cut.begin();
        LOG.info("epoch group={} epoch={} attempt={} state=begin bytes={}", group.name(), attempt.epoch,
            attempt.number, attempt.totalBytes);
    }

    private int send() throws IOException
    {
        if (isAttemptOver())
        {
            return 1;
        }
        final int work = capture.isFinishing() ? capture.step() : cut.step();
        if (capture.isFinished())
        {
            closeCut();
            transition(EpochPhase.SEAL, "");
        }
        return work;
    }

    private int awaitSeal() throws IOException
    {
        if (isAttemptOver())
        {
            return 1;
        }
        final AttemptReport report = session.report();
        if (report.attempt() != attempt.number || report.state().compareTo(AttemptReport.State.SEALED) < 0 ||
            !ring.isDrained())
        {
            return 0;
        }
        ackTracker.sealed(attempt.epoch, attempt.consistency);
        group.sealed(attempt.epoch, attempt.cutNs);
        LOG.info("epoch group={} epoch={} state=sealed class={} pause_us={} changed={} wire={}", group.name(),
            attempt.epoch, attempt.consistency.text(), TimeUnit.NANOSECONDS.toMicros(attempt.pauseNs),
            attempt.changedBytes, attempt.wireBytes);
        applying = new ApplyWatch(group, attempt, session, sender, requests, retry);
        transition(EpochPhase.APPLY, "");
        return 1;
    }

    private int awaitApply()
    {
        final int work = applying.step();
        if (applying.isFinished())
        {
            finish(true, applying.reason().isEmpty() ? cut.problem() : applying.reason());
        }
        else
        {
            group.phase(phase, applying.reason());
        }
        return work;
    }

    private int drain()
    {
        if (!ring.isDrained())
        {
            return 0;
        }
        ackTracker.putBack();
        group.attempt(null);
        LOG.warn("epoch group={} epoch={} state=failed retry={} reason=\"{}\"", group.name(), attempt.epoch,
            retryable, failure);
        if (retryable)
        {
            retryLater(failure);
        }
        else
        {
            finish(false, failure);
        }
        return 1;
    }

    /** Whether the running attempt cannot be finished; then it is drained. */
    private boolean isAttemptOver()
    {
        final AttemptReport report = session.report();
        if (session.serial() != attempt.session)
        {
            failure = "the target was restarted in mid-epoch";
            retryable = true;
            closeCut();
            transition(EpochPhase.DRAIN, failure);
            return true;
        }
        final boolean refused =
            report.attempt() == attempt.number && report.state() == AttemptReport.State.REFUSED;
        if (refused || attempt.failure != null)
        {
            failure = refused ? report.reason() : attempt.failure;
            retryable = refused && report.retryable();
            closeCut();
            if (!capture.abort())
            {
                return true;
            }
            transition(EpochPhase.DRAIN, failure);
            return true;
        }
        return false;
    }

    /** Whatever is held for the cut is let go as soon as nothing is read any more: it must not wait for the network. */
    private void closeCut()
    {
        if (cut != null)
        {
            cut.close();
        }
    }

    private boolean isSessionLost()
    {
        return session.serial() != epochSession;
    }

    private int lost()
    {
        retryLater("the target was restarted");
        return 1;
    }

    private void giveUp(final String reason, final boolean retry)
    {
        if (phase == EpochPhase.SEND || phase == EpochPhase.SEAL)
        {
            attempt.failure = reason;
        }
        else if (retry)
        {
            retryLater(reason);
        }
        else
        {
            finish(false, reason);
        }
    }

    private void retryLater(final String reason)
    {
        retry.backOff();
        transition(EpochPhase.WAITING, reason);
    }

    private void finish(final boolean sealed, final String reason)
    {
        final GroupJob done = job;
        job = null;
        group.volumes().forEach(SourceVolume::closeDevice);
        transition(EpochPhase.IDLE, reason);
        if (done.isVerify())
        {
            done.verify().complete(VerifyPass.impossible(group, reason));
            return;
        }
        final EpochResult result = done.result(attempt, sealed, reason, clock.nanoTime() - jobStartNs);
        group.finished(result);
        attempt = null;
        cut = null;
        done.epoch().complete(result);
    }

    private void transition(final EpochPhase next, final String reason)
    {
        if (!phase.allows(next))
        {
            throw new IllegalStateException("epoch of " + group.name() + ": " + phase + " -> " + next + " (" + reason +
                ")");
        }
        phase = next;
        group.phase(next, reason);
    }
}
