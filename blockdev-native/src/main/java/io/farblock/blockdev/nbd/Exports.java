package io.farblock.blockdev.nbd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The exports of a server by name. Immutable. */
final class Exports
{
    private final Map<String, NbdExport> byName = new LinkedHashMap<>();
    private final NbdExport unnamed;

    Exports(final List<NbdExport> exports)
    {
        exports.forEach((export) -> byName.put(export.name(), export));
        unnamed = byName.getOrDefault("", exports.size() == 1 ? exports.get(0) : null);
    }

    /** @return null when there is none. */
    NbdExport find(final String name)
    {
        return name.isEmpty() ? unnamed : byName.get(name);
    }

    Iterable<NbdExport> all()
    {
        return byName.values();
    }
}
