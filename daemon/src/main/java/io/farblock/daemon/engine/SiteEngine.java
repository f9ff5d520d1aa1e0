package io.farblock.daemon.engine;

import io.farblock.daemon.config.DaemonConfig;
import io.farblock.replication.source.MarksWritten;
import io.farblock.replication.source.SourceConfig;
import io.farblock.replication.source.SourceSite;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.VerifyResult;
import io.farblock.replication.target.TargetSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.agrona.CloseHelper;
import org.agrona.concurrent.SystemEpochClock;

/**
 * The real engine: one target when this site listens, one source for each peer. The target starts first, so that a
 * crash's leftovers are applied before anything new is asked for. A launch that fails half way closes what it opened.
 */
public final class SiteEngine implements Engine
{
    private final DaemonConfig config;
    private SiteSecurity security;
    private final List<SourceSite> sources = new ArrayList<>();
    private final Map<String, SourceSite> sourceOfGroup = new LinkedHashMap<>();
    private TargetSite target;
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private boolean closed;

    public SiteEngine(final DaemonConfig config)
    {
        this.config = config;
    }

    /**
     * Starts all sites.
     *
     * @throws IllegalStateException with the reason, when one of them cannot start.
     */
    public SiteEngine launch()
    {
        try
        {
            security = new SiteSecurity(config, SystemEpochClock.INSTANCE);
            config.target().ifPresent(targetConfig ->
            {
                directory(targetConfig.stateDirectory());
                target = new TargetSite(targetConfig, security.ofTarget(config));
                target.launch();
                target.failed().thenAccept(failed::complete);
            });
            for (final SourceConfig sourceConfig : config.sources())
            {
                directory(sourceConfig.stateDirectory());
                final SourceSite source = new SourceSite(
                    sourceConfig, security.ofSource(config, sourceConfig.peer()));
                sources.add(source);
                source.launch();
                source.failed().thenAccept(failed::complete);
                sourceConfig.groups().forEach(group -> sourceOfGroup.put(group.name(), source));
            }
            return this;
        }
        catch (final RuntimeException failed)
        {
            close();
            throw failed;
        }
    }

    @Override
    public List<String> groups()
    {
        return List.copyOf(sourceOfGroup.keySet());
    }

    @Override
    public List<SourceStatus> sources()
    {
        return sources.stream().map(SourceSite::status).toList();
    }

    @Override
    public TargetStatus target()
    {
        return target == null ? null : target.status();
    }

    @Override
    public CompletableFuture<EpochResult> epochNow(final String group)
    {
        return sourceOf(group).epochNow(group);
    }

    @Override
    public CompletableFuture<VerifyResult> verify(final String group, final boolean repair)
    {
        return sourceOf(group).verify(group, repair);
    }

    @Override
    public void path(final String peer, final String path, final boolean enabled)
    {
        final List<String> known = new ArrayList<>();
        SourceSite found = null;
        int matches = 0;
        for (final SourceSite source : sources)
        {
            final SourceStatus status = source.status();
            for (final PathStatus candidate : status.paths())
            {
                known.add(status.peer() + "/" + candidate.name());
                if (candidate.name().equals(path) && (peer == null || peer.equals(status.peer())))
                {
                    found = source;
                    matches++;
                }
            }
        }
        if (matches != 1)
        {
            throw new IllegalArgumentException((matches == 0 ? "no path " : "several paths ") +
                (peer == null ? "" : peer + "/") + path + "; there are " +
                (known.isEmpty() ? "none" : String.join(", ", known)));
        }
        found.path(path, enabled);
    }

    @Override
    public synchronized void reload(final DaemonConfig fresh)
    {
        security.reload(fresh);
        if (target != null)
        {
            target.securityChanged();
        }
        for (final SourceSite source : sources)
        {
            source.securityChanged();
            source.limits(fresh.peer(source.peer()).limits());
        }
    }

    @Override
    public CompletableFuture<MarksWritten> persist()
    {
        CompletableFuture<MarksWritten> all = CompletableFuture.completedFuture(new MarksWritten(0, 0));
        for (final SourceSite source : sources)
        {
            all = all.thenCombine(source.persist(), MarksWritten::plus);
        }
        return all;
    }

    @Override
    public CompletableFuture<Throwable> failed()
    {
        return failed;
    }

    @Override
    public synchronized void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        final List<AutoCloseable> sites = new ArrayList<>(sources);
        Collections.reverse(sites);
        sites.add(target);
        // All of them, also when one throws: what stays open holds locks that the next launch needs.
        CloseHelper.closeAll(sites);
    }

    private static void directory(final Path directory)
    {
        try
        {
            Files.createDirectories(directory);
        }
        catch (final IOException failed)
        {
            throw new IllegalStateException("cannot make the state directory: " + failed, failed);
        }
    }

    private SourceSite sourceOf(final String group)
    {
        final SourceSite source = sourceOfGroup.get(group);
        if (source == null)
        {
            throw new IllegalArgumentException("no group " + group);
        }
        return source;
    }
}
