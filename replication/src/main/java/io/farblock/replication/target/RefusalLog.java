package io.farblock.replication.target;

import io.farblock.replication.paths.Refusal;
import io.farblock.replication.paths.Refusals;
import io.farblock.replication.wire.ReceivedText;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was refused at the door: all of it is counted, and of each kind the first {@link #LINES} within a minute are
 * logged. Whoever can connect decides how often and with what, and must not fill the disk with it. Kinds
 * hide only their own: a flood of garbage leaves a misspelt site in the log. How many there were
 * is logged when the next one comes after that minute, or at the end: no thread waits for the hour of a log line.
 *
 * <p>Network's thread, close after that has ended; status reads the {@code volatile} fields.
 */
final class RefusalLog implements Refusals, AutoCloseable
{
    static final int LINES = 10;
    private static final Logger LOG = LoggerFactory.getLogger("farblock.target");
    private static final int REASON_LIMIT = 300;
    private static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);

    private final NanoClock clock;
    private final Map<Refusal, Window> windows = new EnumMap<>(Refusal.class);
    private volatile long count;
    private volatile String last = "";

    RefusalLog(final NanoClock clock)
    {
        this.clock = clock;
        for (final Refusal kind : Refusal.values())
        {
            windows.put(kind, new Window(kind));
        }
    }

    /** {@code reason} may hold what a stranger wrote, at any length. */
    @Override
    public void refused(final Refusal kind, final String reason)
    {
        count++;
        last = ReceivedText.shown(reason, REASON_LIMIT);
        windows.get(kind).add(last);
    }

    long count()
    {
        return count;
    }

    /** Of each kind that there was, in the words of {@link Refusal#text()}. */
    Map<String, Long> counts()
    {
        final Map<String, Long> counts = new TreeMap<>();
        windows.forEach((kind, window) ->
        {
            if (window.total > 0)
            {
                counts.put(kind.text(), window.total);
            }
        });
        return counts;
    }

    /** The newest reason; empty before the first. */
    String last()
    {
        return last;
    }

    @Override
    public void close()
    {
        windows.values().forEach(Window::end);
    }

    /** The minute that begins with a refusal. */
    private final class Window
    {
        private final Refusal kind;
        private long startNs;
        private long refused;
        private volatile long total;

        Window(final Refusal kind)
        {
            this.kind = kind;
        }

        void add(final String reason)
        {
            final long nowNs = clock.nanoTime();
            if (nowNs - startNs >= WINDOW_NS)
            {
                end();
            }
            if (refused == 0)
            {
                startNs = nowNs;
            }
            refused++;
            total++;
            if (refused <= LINES)
            {
                LOG.warn("path state=refused reason=\"{}\"{}", reason,
                    refused < LINES ? "" : "; more of this kind within a minute are only counted");
            }
        }

        void end()
        {
            if (refused > LINES)
            {
                LOG.warn("path state=refused kind={} count={} within a minute, the first {} are above",
                    kind.text(), refused, LINES);
            }
            refused = 0;
        }
    }
}
