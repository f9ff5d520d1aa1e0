package io.farblock.powersim.explore;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything that devices and directories hold at one moment. Contents are shared between copies until one of them is
 * changed. One thread.
 */
final class Image
{
    /** The directory that all names are below. */
    static final int ROOT = 0;
    /** What a name that is gone leads to. */
    static final int NOTHING = -1;

    private final Map<String, Content> devices;
    private final Map<Integer, Content> files;
    private final Map<Integer, TreeMap<String, Integer>> directories;
    /** What no copy shares. */
    private final Set<Object> own = new HashSet<>();

    private Image(final Map<String, Content> devices, final Map<Integer, Content> files,
        final Map<Integer, TreeMap<String, Integer>> directories)
    {
        this.devices = devices;
        this.files = files;
        this.directories = directories;
    }

    /** No device, and an empty directory. */
    static Image empty()
    {
        final Image image = new Image(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        image.directories.put(ROOT, new TreeMap<>());
        return image;
    }

    Image copy()
    {
        own.clear();
        return new Image(new LinkedHashMap<>(devices), new LinkedHashMap<>(files), new LinkedHashMap<>(directories));
    }

    Map<String, Content> devices()
    {
        return devices;
    }

    Content file(final int node)
    {
        return files.get(node);
    }

    boolean isDirectory(final int node)
    {
        return directories.containsKey(node);
    }

    /** What is in a directory, by name; not to be changed. */
    Map<String, Integer> names(final int directory)
    {
        return directories.get(directory);
    }

    /** The highest number of a file or directory. */
    int lastNode()
    {
        int last = ROOT;
        for (final int node : files.keySet())
        {
            last = Math.max(last, node);
        }
        for (final int node : directories.keySet())
        {
            last = Math.max(last, node);
        }
        return last;
    }

    void addDevice(final String name, final long sizeBytes)
    {
        devices.put(name, new Content(sizeBytes));
    }

    void addNode(final int node, final boolean isDirectory)
    {
        if (isDirectory)
        {
            directories.put(node, new TreeMap<>());
        }
        else
        {
            files.put(node, new Content(0));
        }
    }

    /** To be changed, by nobody but the caller and until the next copy. */
    Content ownDevice(final String name)
    {
        return devices.compute(name, (key, content) -> own.add(name) ? content.copy() : content);
    }

    /** As {@link #ownDevice}, of a file. */
    Content ownFile(final int node)
    {
        return files.compute(node, (key, content) -> own.add(node) ? content.copy() : content);
    }

    /** Gives names a new meaning. */
    void rename(final int directory, final Map<String, Integer> names)
    {
        final TreeMap<String, Integer> own = new TreeMap<>(directories.get(directory));
        names.forEach((name, node) ->
        {
            if (node == NOTHING)
            {
                own.remove(name);
            }
            else
            {
                own.put(name, node);
            }
        });
        directories.put(directory, own);
    }

    /** Of all that can be found: what has no name does not count. */
    long hash()
    {
        long sum = hash(ROOT);
        for (final Map.Entry<String, Content> device : devices.entrySet())
        {
            sum += Page.mixed(device.getValue().hash(), device.getKey().hashCode());
        }
        return sum;
    }

    private long hash(final int node)
    {
        final Content file = files.get(node);
        if (file != null)
        {
            return file.hash();
        }
        long sum = 1;
        for (final Map.Entry<String, Integer> entry : directories.get(node).entrySet())
        {
            sum += Page.mixed(hash(entry.getValue()), entry.getKey().hashCode());
        }
        return sum;
    }
}
