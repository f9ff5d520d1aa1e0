package io.farblock.powersim.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is durable at one moment of a trace, and what is not: of that a cut decides lot by lot. One thread.
 *
 * <p>Devices: each write since the last flush is kept, dropped or torn, whatever became of others; a later one lies
 * over an earlier one. Files: each page, and the size, is any of what it was seen to be since the file's last sync.
 * Names: each has its old or a new meaning until its directory was synced; those that changed at once, or one after the
 * other, in their order.
 */
final class Pending
{
    private final Image durable;
    private final Map<String, List<Event.Write>> writes = new LinkedHashMap<>();
    private final Map<Integer, TreeMap<Integer, List<Page>>> pages = new LinkedHashMap<>();
    private final Map<Integer, List<Long>> sizes = new LinkedHashMap<>();
    private final Map<Integer, List<Map<String, Integer>>> names = new LinkedHashMap<>();

    Pending(final Image durable)
    {
        this.durable = durable.copy();
    }

    /** The event has happened. */
    void apply(final Event event)
    {
        // in words of a compiler that knows no patterns in a switch
        if (event instanceof Event.Write write)
        {
            writes.computeIfAbsent(write.device(), device -> new ArrayList<>()).add(write);
        }
        else if (event instanceof Event.Flush flush)
        {
            writes.getOrDefault(flush.device(), List.of()).forEach(each -> new Lot.Written(each).apply(durable, 1));
            writes.remove(flush.device());
        }
        else if (event instanceof Event.Change change)
        {
            changed(change);
        }
        else if (event instanceof Event.FileSync sync)
        {
            settleFile(sync.file());
        }
        else if (event instanceof Event.Rename rename)
        {
            names.computeIfAbsent(rename.directory(), directory -> new ArrayList<>()).add(rename.names());
        }
        else if (event instanceof Event.DirectorySync sync)
        {
            names.getOrDefault(sync.directory(), List.of())
                .forEach(changed -> durable.rename(sync.directory(), changed));
            names.remove(sync.directory());
        }
        else if (event instanceof Event.Made made)
        {
            durable.addNode(made.node(), made.isDirectory());
        }
        else if (event instanceof Event.Plugged plugged)
        {
            durable.addDevice(plugged.device(), plugged.sizeBytes());
        }
    }

    /** What a cut would decide now. */
    List<Lot> lots()
    {
        final List<Lot> lots = new ArrayList<>();
        writes.values().forEach(each -> each.forEach(write -> lots.add(new Lot.Written(write))));
        pages.forEach((file, byIndex) -> byIndex.forEach((index, versions) ->
        {
            if (versions.size() > 1)
            {
                lots.add(new Lot.Paged(file, index, new ArrayList<>(versions)));
            }
        }));
        sizes.forEach((file, each) ->
        {
            if (each.size() > 1)
            {
                lots.add(new Lot.Sized(file, List.copyOf(each)));
            }
        });
        names.forEach((directory, changes) -> chains(changes).forEach(
            chain -> lots.add(new Lot.Named(directory, chain))));
        return lots;
    }

    /** What is durable; the caller may change it. */
    Image image()
    {
        return durable.copy();
    }

    private void changed(final Event.Change change)
    {
        final Content base = durable.file(change.file());
        final TreeMap<Integer, List<Page>> byIndex = pages.computeIfAbsent(change.file(), file -> new TreeMap<>());
        change.pages().forEach((index, page) -> add(
            byIndex.computeIfAbsent(index, each -> new ArrayList<>(Collections.singletonList(base.page(index)))),
            page));
        final List<Long> each = sizes.computeIfAbsent(
            change.file(), file -> new ArrayList<>(List.of(base.sizeBytes())));
        each.remove(change.sizeBytes());
        each.add(change.sizeBytes());
    }

    /** The last one is what the page holds now, also when it was so before. */
    private static void add(final List<Page> versions, final Page page)
    {
        versions.removeIf(version -> Page.hash(version) == Page.hash(page));
        versions.add(page);
    }

    private void settleFile(final int file)
    {
        if (!sizes.containsKey(file))
        {
            return;
        }
        final Content content = durable.ownFile(file);
        pages.remove(file).forEach((index, versions) -> content.page(index, versions.get(versions.size() - 1)));
        final List<Long> each = sizes.remove(file);
        content.sizeBytes(each.get(each.size() - 1));
    }

    /** Changes that have a name in common belong to one chain; others do not know of each other. */
    private static List<List<Map<String, Integer>>> chains(final List<Map<String, Integer>> changes)
    {
        final List<List<Map<String, Integer>>> chains = new ArrayList<>();
        final List<Set<String>> namesOf = new ArrayList<>();
        for (final Map<String, Integer> change : changes)
        {
            final List<Map<String, Integer>> chain = new ArrayList<>();
            final Set<String> own = new HashSet<>(change.keySet());
            for (int i = chains.size() - 1; i >= 0; i--)
            {
                if (namesOf.get(i).stream().anyMatch(change::containsKey))
                {
                    chain.addAll(0, chains.remove(i));
                    own.addAll(namesOf.remove(i));
                }
            }
            chain.add(change);
            chains.add(chain);
            namesOf.add(own);
        }
        return chains;
    }
}
