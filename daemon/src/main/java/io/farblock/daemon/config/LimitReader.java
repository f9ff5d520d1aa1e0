package io.farblock.daemon.config;

import io.farblock.replication.shaping.PeerLimits;
import io.farblock.replication.shaping.RateSchedule;
import io.farblock.replication.shaping.RateText;
import io.farblock.replication.shaping.RateWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects how much may go to one peer, and over each of its paths. A rate that can never apply is a mistake, since
 * somebody relies on it. One peer, one thread.
 */
final class LimitReader
{
    private final RateSchedule whole;
    private final Map<String, RateSchedule> paths = new HashMap<>();

    LimitReader(final TableReader peer)
    {
        whole = schedule(peer, ConfigKey.PEER_LIMIT);
    }

    /** One more path; its name is null when that was wrong. */
    void path(final TableReader path, final String name)
    {
        paths.put(String.valueOf(name), schedule(path, ConfigKey.PATH_LIMIT));
    }

    PeerLimits limits()
    {
        return new PeerLimits(whole, paths);
    }

    private static RateSchedule schedule(final TableReader table, final ConfigKey key)
    {
        final List<RateWindow> windows = new ArrayList<>();
        table.texts(key, "50Mbit/s mon-fri 08:00-20:00", text -> windows.add(next(windows, text)));
        return new RateSchedule(windows);
    }

    private static RateWindow next(final List<RateWindow> before, final String text)
    {
        final RateWindow window = RateText.parse(text);
        final List<RateWindow> all = new ArrayList<>(before);
        all.add(window);
        if (new RateSchedule(all).uselessWindow() == before.size())
        {
            throw new IllegalArgumentException(
                "a rate that applies at some time: those before it cover all of its hours, and the first counts");
        }
        return window;
    }
}
