package io.farblock.replication.source;

import io.farblock.replication.AgentThreads;
import io.farblock.replication.LinuxStorage;
import io.farblock.replication.StateLock;
import io.farblock.replication.Storage;
import io.farblock.replication.Wakeup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Keeps the maps of a source's volumes while nobody replicates them: the kernel goes on marking what is written, and a
 * volume on an array with a write-intent bitmap still needs its map on disk each second, or the next power cut has
 * everything compared. Holds the state directory as a source does.
 *
 * <p>Construct, {@link #launch()}, {@link #close()} (idempotent). Thread {@code src-marks} does the work.
 */
public final class MarkWatch implements AutoCloseable
{
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SourceConfig config;
    private final Storage storage;
    private final NanoClock clock;
    private final AgentThreads threads = new AgentThreads();
    private StateLock lock;

    /** On this machine's devices. */
    public MarkWatch(final SourceConfig config)
    {
        this(config, new LinuxStorage(), SystemNanoClock.INSTANCE);
    }

    public MarkWatch(final SourceConfig config, final Storage storage, final NanoClock clock)
    {
        this.config = config;
        this.storage = storage;
        this.clock = clock;
    }

    /**
     * Begins, if there is a volume whose writes the kernel marks.
     *
     * @throws IllegalStateException when another process uses the state directory.
     */
    public MarkWatch launch()
    {
        final List<SourceVolume> volumes = new ArrayList<>();
        for (final SourceConfig.Group group : config.groups())
        {
            group.volumes().stream().filter(volume -> volume.tracking() == Tracking.BPF).forEach(
                volume -> volumes.add(new SourceVolume(volume, config.directory(group, volume), storage)));
        }
        if (!volumes.isEmpty())
        {
            lock = StateLock.take(config.stateDirectory());
            threads.launch(new Watch(volumes), new Wakeup(SLEEP_NS), Thread::new);
        }
        return this;
    }

    @Override
    public synchronized void close()
    {
        threads.close();
        if (lock != null)
        {
            lock.close();
            lock = null;
        }
    }

    /** Opens, keeps and closes them, all on one thread. */
    private final class Watch implements Agent
    {
        private final List<SourceVolume> volumes;
        private final MarksAgent marks;

        private Watch(final List<SourceVolume> volumes)
        {
            this.volumes = volumes;
            this.marks = new MarksAgent(volumes.stream().map(SourceVolume::marks).toList(), storage, clock);
        }

        @Override
        public void onStart()
        {
            volumes.forEach(SourceVolume::track);
        }

        @Override
        public int doWork()
        {
            return marks.doWork();
        }

        @Override
        public void onClose()
        {
            marks.onClose();
            volumes.forEach(SourceVolume::close);
        }

        @Override
        public String roleName()
        {
            return marks.roleName();
        }
    }
}
