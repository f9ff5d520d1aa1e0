package io.farblock.daemon.engine;

import io.farblock.daemon.config.DaemonConfig;
import io.farblock.replication.source.MarkWatch;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes on of an engine that rests: the maps of what is written are kept up to date, of every source. A launch that
 * fails half way closes what it opened.
 */
public final class RestingMarks implements AutoCloseable
{
    private final List<MarkWatch> watches = new ArrayList<>();

    /** Begins; @throws IllegalStateException when a state directory cannot be used. */
    public RestingMarks(final DaemonConfig config)
    {
        try
        {
            config.sources().forEach(source -> watches.add(new MarkWatch(source).launch()));
        }
        catch (final RuntimeException failed)
        {
            close();
            throw failed;
        }
    }

    @Override
    public void close()
    {
        watches.forEach(MarkWatch::close);
        watches.clear();
    }
}
