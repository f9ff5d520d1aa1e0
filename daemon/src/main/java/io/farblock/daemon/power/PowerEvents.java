package io.farblock.daemon.power;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last things that were seen and decided: logged, and kept for who asks. Any thread. */
final class PowerEvents
{
    static final int KEPT = 64;
    private static final Logger LOG = LoggerFactory.getLogger("farblock.power");
    private static final String UNKNOWN = "unknown";

    private final EpochClock clock;
    private final Deque<PowerEvent> last = new ArrayDeque<>(KEPT);

    PowerEvents(final EpochClock clock)
    {
        this.clock = clock;
    }

    /** @param pairs key, value, key, value: texts as they are, everything else as its text. */
    void add(final String kind, final Object... pairs)
    {
        add(false, kind, pairs);
    }

    /** As {@link #add}, for what somebody should look into. */
    void warn(final String kind, final Object... pairs)
    {
        add(true, kind, pairs);
    }

    private void add(final boolean warning, final String kind, final Object... pairs)
    {
        final Map<String, String> numbers = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2)
        {
            numbers.put((String)pairs[i], String.valueOf(pairs[i + 1]));
        }
        final PowerEvent event = new PowerEvent(clock.time(), kind, Collections.unmodifiableMap(numbers));
        if (warning)
        {
            LOG.warn("power {}", event.text());
        }
        else
        {
            LOG.info("power {}", event.text());
        }
        synchronized (last)
        {
            if (last.size() == KEPT)
            {
                last.removeFirst();
            }
            last.addLast(event);
        }
    }

    /** Oldest first. */
    List<PowerEvent> last()
    {
        synchronized (last)
        {
            return List.copyOf(last);
        }
    }

    /** A duration in seconds; below zero it is not known. */
    static String seconds(final long durationNs)
    {
        return durationNs < 0 ? UNKNOWN : Long.toString(durationNs / 1_000_000_000L);
    }

    /** A size in bytes; below zero it is not known. */
    static String bytes(final long bytes)
    {
        return bytes < 0 ? UNKNOWN : Long.toString(bytes);
    }
}
