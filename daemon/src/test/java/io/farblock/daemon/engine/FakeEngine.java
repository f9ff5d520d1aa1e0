package io.farblock.daemon.engine;

import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.SourceStatus.PauseStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.VerifyResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine that does nothing by itself: the test sets what it says and completes what it was asked for. Sends one
 * group, {@code vms}. Any thread.
 */
public final class FakeEngine implements Engine
{
    public final AtomicInteger epochsAsked = new AtomicInteger();
    public final List<String> switched = new CopyOnWriteArrayList<>();
    public final AtomicInteger closes = new AtomicInteger();
    public volatile CompletableFuture<EpochResult> epoch = new CompletableFuture<>();
    public volatile CompletableFuture<VerifyResult> verify = new CompletableFuture<>();
    public volatile String phase = "idle";
    public volatile String reason = "";
    public volatile RuntimeException broken;
    /** Thrown when an epoch is asked for; null for none. */
    public volatile RuntimeException refusesEpochs;
    public volatile TargetStatus target;
    /** Done by whoever closes it. */
    public volatile Runnable onClose = () -> { };
    public final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    public static EpochResult sealed(final long epoch)
    {
        return new EpochResult("vms", epoch, true, "", "fuzzy", "ab", 1 << 20, 1 << 16, 1 << 15, 40_000, 0, 5_000_000);
    }

    public static EpochResult failed(final String reason)
    {
        return new EpochResult("vms", 2, false, reason, "fuzzy", "", 0, 0, 0, 0, 0, 1);
    }

    public static VerifyResult compared(final boolean equal, final List<String> damaged, final boolean repaired,
        final String reason)
    {
        return new VerifyResult("vms", 3, equal, 1 << 20, damaged, 0, repaired, reason);
    }

    @Override
    public List<String> groups()
    {
        return List.of("vms");
    }

    @Override
    public List<SourceStatus> sources()
    {
        if (broken != null)
        {
            throw broken;
        }
        return List.of(new SourceStatus("beta", "", List.of(), List.of(new GroupStatus("vms", phase, reason, 0, 0, "",
            -1, 0, 0, 0, 0, 0, 0, null, "live", new PauseStatus(0, 0, 0, 0, 0, 0), List.of())), List.of()));
    }

    @Override
    public TargetStatus target()
    {
        return target;
    }

    @Override
    public CompletableFuture<EpochResult> epochNow(final String group)
    {
        epochsAsked.incrementAndGet();
        if (refusesEpochs != null)
        {
            throw refusesEpochs;
        }
        return epoch;
    }

    @Override
    public CompletableFuture<VerifyResult> verify(final String group, final boolean repair)
    {
        return verify;
    }

    @Override
    public void path(final String peer, final String path, final boolean enabled)
    {
        if (!"dsl".equals(path))
        {
            throw new IllegalArgumentException("no path " + path + "; there are beta/dsl");
        }
        switched.add(peer + "/" + path + "=" + enabled);
    }

    @Override
    public CompletableFuture<Throwable> failed()
    {
        return failure;
    }

    @Override
    public void close()
    {
        closes.incrementAndGet();
        onClose.run();
    }
}
