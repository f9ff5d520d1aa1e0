package io.farblock.replication.target;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was refused at the door: all of it is counted, and of each kind the first {@link #LINES} within a minute are
 * logged. Whoever can connect decides how often and with what, and must not fill the disk with it. How many there were
 * is logged when the next one comes after that minute, or at the end: no thread waits for the hour of a log line.
 *
 * <p>Network's thread, close after that has ended; status reads the {@code volatile} fields.
 */
final class RefusalLog implements AutoCloseable
{
    static final int LINES = 10;
    private static final Logger LOG = LoggerFactory.getLogger("farblock.target");
    private static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int REASON_LIMIT = 300;

    /** Kinds hide only their own: a flood of garbage leaves a misspelt site in the log. */
    enum Kind
    {
        /** Bytes that are no frame, or a frame that breaks a rule. */
        FRAME,
        /** A site that is not known, or not welcome now. */
        SITE
    }

    private final NanoClock clock;
    private final Map<Kind, Window> windows = new EnumMap<>(Kind.class);
    private volatile long count;
    private volatile String last = "";

    RefusalLog(final NanoClock clock)
    {
        this.clock = clock;
        for (final Kind kind : Kind.values())
        {
            windows.put(kind, new Window(kind));
        }
    }

    /** {@code reason} may hold what a stranger wrote, at any length. */
    void refused(final Kind kind, final String reason)
    {
        count++;
        last = reason.length() <= REASON_LIMIT ? reason : reason.substring(0, REASON_LIMIT) + "...";
        windows.get(kind).add(last);
    }

    long count()
    {
        return count;
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
        private final Kind kind;
        private long startNs;
        private long refused;

        Window(final Kind kind)
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
                LOG.warn("path state=refused kind={} count={} within a minute, the first {} are above", kind, refused,
                    LINES);
            }
            refused = 0;
        }
    }
}
