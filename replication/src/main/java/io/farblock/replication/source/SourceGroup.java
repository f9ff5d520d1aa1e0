package io.farblock.replication.source;

import io.farblock.blockdev.dirty.Gap;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.marks.BootNote;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.BootStatus;
import io.farblock.replication.status.SourceStatus.GapStatus;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A consistency group and where it stands. Written by the capture thread, read by status.
 */
final class SourceGroup
{
    private final String name;
    private final List<SourceVolume> volumes;
    private final CutPlan plan;
    private final ApplicationRest rest;
    private final PauseMeter pauses;

    private volatile EpochPhase phase = EpochPhase.IDLE;
    private volatile String reason = "";
    private volatile EpochAttempt attempt;
    private volatile EpochResult lastResult;
    private volatile long sealedEpoch;
    private volatile long sealedCutNs;
    private volatile boolean sealedInThisLife;

    SourceGroup(
        final String name, final List<SourceVolume> volumes, final CutPlan plan, final ApplicationRest rest)
    {
        this.name = name;
        this.volumes = volumes;
        this.plan = plan;
        this.rest = rest;
        this.pauses = new PauseMeter(plan.mode() == CutPlan.Mode.SUSPEND ? plan.pauseNs() : 0);
    }

    String name()
    {
        return name;
    }

    List<SourceVolume> volumes()
    {
        return volumes;
    }

    /** How its epochs come to an instant. */
    CutPlan plan()
    {
        return plan;
    }

    /** The application's, by its operator's commands. */
    ApplicationRest rest()
    {
        return rest;
    }

    /** How long its cuts held up its writers. */
    PauseMeter pauses()
    {
        return pauses;
    }

    void phase(final EpochPhase newPhase, final String why)
    {
        reason = why;
        phase = newPhase;
    }

    void attempt(final EpochAttempt newAttempt)
    {
        attempt = newAttempt;
    }

    void sealed(final long epoch, final long cutNs)
    {
        sealedEpoch = epoch;
        sealedCutNs = cutNs;
        sealedInThisLife = true;
    }

    void finished(final EpochResult result)
    {
        lastResult = result;
        attempt = null;
    }

    /** The newest epoch that any volume knows to be sealed. */
    long newestSealed()
    {
        long newest = sealedEpoch;
        for (final SourceVolume volume : volumes)
        {
            newest = Math.max(newest, volume.sealedEpoch());
        }
        return newest;
    }

    /** Class of the newest sealed epoch; the weakest of its volumes', which differ only after a crash in between. */
    private Consistency consistency()
    {
        return volumes.stream().map(SourceVolume::consistency).min(Comparator.naturalOrder())
            .orElse(Consistency.FUZZY);
    }

    /**
     * Where the group stands.
     *
     * @param noPath why no path is up, or null while one is: a group that is at work waits for it then.
     */
    GroupStatus status(final long nowNs, final String noPath)
    {
        final EpochAttempt running = attempt;
        final EpochPhase now = phase;
        final boolean waits = noPath != null && now != EpochPhase.IDLE;
        final List<VolumeStatus> volumeStatus = volumes.stream()
            .map(volume -> new VolumeStatus(
                volume.config().name(),
                volume.config().device().toString(),
                volume.sizeBytes(),
                volume.blockBytes(),
                volume.config().tracking().name().toLowerCase(Locale.ROOT),
                volume.root(),
                volume.error(),
                volume.gaps().stream().map(SourceGroup::statusOf).toList(),
                volume.array().map(ArrayHistory::statusOf).orElse(null),
                volume.history().changes(),
                volume.marks().note().map(SourceGroup::statusOf).orElse(null),
                volume.marks().markedBytes()))
            .toList();
        // A scanned volume may have been written right after its last cut was read: that is the oldest write.
        final long rpoNs = sealedInThisLife ? nowNs - sealedCutNs : -1;
        return new GroupStatus(
            name,
            (waits ? EpochPhase.WAITING : now).name().toLowerCase(Locale.ROOT),
            waits ? noPath : reason,
            running == null ? 0 : running.epoch,
            newestSealed(),
            newestSealed() == 0 ? "" : consistency().text(),
            rpoNs,
            running == null ? 0 : running.totalBytes,
            running == null ? 0 : running.scannedBytes,
            running == null ? 0 : running.changedBytes,
            running == null ? 0 : running.payloadBytes,
            running == null ? 0 : running.wireBytes,
            running == null ? 0 : nowNs - running.startNs,
            lastResult,
            plan.mode().name().toLowerCase(Locale.ROOT),
            pauses.status(),
            volumeStatus);
    }

    private static BootStatus statusOf(final BootNote note)
    {
        return new BootStatus(note.narrowed(), note.bytes(), note.reason(), note.open());
    }

    private static GapStatus statusOf(final Gap gap)
    {
        return new GapStatus(
            gap.cause().name().toLowerCase(Locale.ROOT), gap.cause().description(), gap.beginMs(), gap.endMs(),
            gap.count(), gap.offsetBytes(), gap.lengthBytes());
    }
}
