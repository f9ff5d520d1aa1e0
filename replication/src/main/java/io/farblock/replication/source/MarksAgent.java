package io.farblock.replication.source;

import io.farblock.replication.Storage;
import io.farblock.replication.marks.KeepGuard;
import io.farblock.replication.marks.VolumeMarks;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Writes down, once a second, what the kernel has marked and no epoch has sealed, and tells the guard that it did;
 * only of volumes on an array with a write-intent bitmap, since without one a power cut makes it worthless. When
 * a look or its write took too long the guard is left to take the promise back, and nothing is promised before the
 * looks have been in time for a minute: a disk that was slow once may be slow when the power goes.
 *
 * <p>Thread {@code src-marks}: the disk of the state directory may be slow without anything waiting for it.
 */
final class MarksAgent implements Agent
{
    private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1);
    /** From the begin of a look to the end of its write; see {@link KeepGuard}. */
    private static final long IN_TIME_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int LOOKS_AFTER_FAILURE = 60;

    private final List<VolumeMarks> volumes;
    private final Storage storage;
    private final NanoClock clock;
    private KeepGuard guard;
    private boolean begun;
    private long beganNs;
    private int looksInTime;
    private int looksWanted = 1;

    MarksAgent(final List<VolumeMarks> volumes, final SourceRuntime runtime)
    {
        this.volumes = volumes;
        this.storage = runtime.storage();
        this.clock = runtime.clock();
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        if (volumes.isEmpty() || begun && nowNs - beganNs < PERIOD_NS)
        {
            return 0;
        }
        begun = true;
        beganNs = nowNs;
        int current = 0;
        for (final VolumeMarks volume : volumes)
        {
            if (volume.keep())
            {
                current++;
            }
            else if (volume.isAttempted())
            {
                // Else its old map would be believed after a power cut, because the others are kept.
                volume.takeBack();
            }
        }
        if (current > 0)
        {
            promise(clock.nanoTime() - nowNs <= IN_TIME_NS);
        }
        return 0;
    }

    /** The guard takes back what it was promised; a machine that goes on tracks without anybody who keeps the maps. */
    @Override
    public void onClose()
    {
        if (guard != null)
        {
            guard.close();
            guard = null;
        }
    }

    @Override
    public String roleName()
    {
        return "src-marks";
    }

    private void promise(final boolean inTime)
    {
        looksInTime = inTime ? looksInTime + 1 : 0;
        if (guard != null && !guard.isWatching())
        {
            guard.close();
            guard = null;
            looksWanted = LOOKS_AFTER_FAILURE;
            looksInTime = 0;
            // The guard did so; a word that was given while it ended is taken back here.
            volumes.forEach(VolumeMarks::takeBack);
        }
        if (guard == null && looksInTime >= looksWanted)
        {
            guard = storage.keepGuard(volumes.stream().map(VolumeMarks::keptFile).toList());
        }
        if (guard != null && inTime)
        {
            guard.beat();
            if (guard.isWatching())
            {
                volumes.forEach(VolumeMarks::promise);
            }
        }
    }
}
