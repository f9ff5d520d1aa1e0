package io.farblock.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects what is wrong, so that all of it is reported at once. Used by one thread, for one file.
 */
final class Mistakes
{
    /** A file that is not a configuration at all can be wrong in every line; more than this helps nobody. */
    private static final int MOST_SHOWN = 50;

    private final List<Mistake> found = new ArrayList<>();

    void add(final int line, final String key, final String value, final String expected, final String advice)
    {
        found.add(new Mistake(line, key, value, expected, advice));
    }

    boolean isEmpty()
    {
        return found.isEmpty();
    }

    /** All of them in the file's order, one line each. */
    ConfigException exception(final String file)
    {
        final List<String> lines = new ArrayList<>();
        found.stream().sorted(Comparator.comparingInt(Mistake::line)).limit(MOST_SHOWN)
            .forEach(mistake -> lines.add(mistake.text(file)));
        if (found.size() > MOST_SHOWN)
        {
            lines.add(file + ": " + (found.size() - MOST_SHOWN) + " more mistakes are not shown");
        }
        return new ConfigException(lines);
    }
}
