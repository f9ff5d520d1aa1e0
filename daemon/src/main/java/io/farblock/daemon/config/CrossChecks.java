package io.farblock.daemon.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What no single key can say: names that stand twice, devices that are used twice. Remembers where each was seen
 * first, so that a message names both places. One file, one thread.
 */
final class CrossChecks
{
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<Path, Integer> sources = new HashMap<>();
    private final Map<Path, Integer> replicas = new HashMap<>();
    private final Mistakes mistakes;

    CrossChecks(final Mistakes mistakes)
    {
        this.mistakes = mistakes;
    }

    /** Notes a name that may stand once within its parent. */
    void unique(final TableReader table, final ConfigKey key, final String name, final String parent)
    {
        if (name == null)
        {
            return;
        }
        final Integer first = names.putIfAbsent(key + "/" + parent + "/" + name, table.lineOf(key));
        if (first != null)
        {
            table.wrong(key, name, "a name that no other " + key.section().header() + " here has",
                "line " + first + " has it already; rename one of them");
        }
    }

    /** Notes a device that is read. Two volumes on one device would send everything twice. */
    void sourceDevice(final TableReader table, final ConfigKey key, final Path device)
    {
        note(table, key, device, sources, "a device that no other volume reads");
    }

    /** Notes a device that is written. It must be nobody else's, and above all not one that is replicated. */
    void replicaDevice(final TableReader table, final ConfigKey key, final Path device)
    {
        note(table, key, device, replicas, "a device that no other replica writes");
        final Integer source = device == null ? null : sources.get(device);
        if (source != null)
        {
            mistakes.add(table.lineOf(key), key.dotted(), Mistake.shown(device.toString()),
                "another device than a volume's", "line " + source
                    + " replicates it; a replica there would overwrite the source");
        }
    }

    private static void note(final TableReader table, final ConfigKey key, final Path device,
        final Map<Path, Integer> seen, final String expected)
    {
        final Integer first = device == null ? null : seen.putIfAbsent(device, table.lineOf(key));
        if (first != null)
        {
            table.wrong(key, device.toString(), expected, "line " + first + " has it already");
        }
    }
}
