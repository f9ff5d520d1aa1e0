package io.farblock.powersim.explore;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.NativeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files of one directory, real ones, and what was last seen of them. Each file and directory has a number that
 * stays with it whatever it is called; it is kept open, so that no other can get its inode.
 *
 * <p>One thread. Made with the first use; {@link #close} removes all.
 */
final class FileWatch
{
    private static final long SMALL_BYTES = 256 * 1024;

    private final Path directory;
    private final Image image;
    private final Consumer<Event> listener;
    private final Map<Object, Node> byKey = new HashMap<>();
    private final Map<Integer, Map<String, Integer>> names = new HashMap<>();
    private ByteBuffer buffer = ByteBuffer.allocate(Page.BYTES);
    private int lastNode;
    private boolean made;

    FileWatch(final Path directory, final Image image, final Consumer<Event> listener)
    {
        this.directory = directory;
        this.image = image;
        this.listener = listener;
        this.lastNode = image.lastNode();
    }

    /** What is kept open of a file or directory. */
    private record Node(int number, boolean isDirectory, FileChannel channel, Content seen)
    {
    }

    Path directory()
    {
        if (!made)
        {
            try
            {
                made = true;
                make(directory, Image.ROOT);
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }
        return directory;
    }

    /** The number of what a path leads to now; it was looked at before. */
    int node(final Path path)
    {
        try
        {
            return byKey.get(attributes(path).fileKey()).number();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Tells the listener what changed since the last time. */
    void look() throws IOException
    {
        if (made)
        {
            look(directory, Image.ROOT);
        }
    }

    /** As {@link #look()}, at one file that was seen before; at all when it was not. */
    void look(final Path path) throws IOException
    {
        final Node node = byKey.get(attributes(path).fileKey());
        if (node == null)
        {
            look();
        }
        else
        {
            look(path, node);
        }
    }

    void close()
    {
        try
        {
            for (final Node node : byKey.values())
            {
                node.channel().close();
            }
            if (made)
            {
                remove(directory);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void make(final Path path, final int number) throws IOException
    {
        if (!image.isDirectory(number))
        {
            final Content content = image.file(number);
            final FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            for (final int index : content.present())
            {
                final long at = (long)index * Page.BYTES;
                final int length = (int)Math.min(Page.BYTES, content.sizeBytes() - at);
                channel.write(ByteBuffer.wrap(Page.bytes(content.page(index)), 0, length), at);
            }
            if (channel.size() < content.sizeBytes())
            {
                channel.write(ByteBuffer.allocate(1), content.sizeBytes() - 1);
            }
            register(path, number, false, channel, content.copy());
            return;
        }
        Files.createDirectory(path);
        register(path, number, true, FileChannel.open(path, StandardOpenOption.READ), null);
        names.put(number, new TreeMap<>(image.names(number)));
        for (final Map.Entry<String, Integer> entry : image.names(number).entrySet())
        {
            make(path.resolve(entry.getKey()), entry.getValue());
        }
    }

    private void register(final Path path, final int number, final boolean isDirectory, final FileChannel channel,
        final Content seen) throws IOException
    {
        byKey.put(attributes(path).fileKey(), new Node(number, isDirectory, channel, seen));
    }

    private void look(final Path path, final int number) throws IOException
    {
        final Map<String, Integer> before = names.get(number);
        final Map<String, Integer> now = new TreeMap<>();
        for (final Path entry : entries(path))
        {
            final Node node = nodeOf(entry);
            now.put(entry.getFileName().toString(), node.number());
            if (node.isDirectory())
            {
                look(entry, node.number());
            }
            else
            {
                look(entry, node);
            }
        }
        renames(before, now).forEach(change -> listener.accept(new Event.Rename(number, change)));
        names.put(number, now);
    }

    private Node nodeOf(final Path path) throws IOException
    {
        final BasicFileAttributes attributes = attributes(path);
        Node node = byKey.get(attributes.fileKey());
        if (node == null)
        {
            lastNode++;
            final boolean isDirectory = attributes.isDirectory();
            node = new Node(lastNode, isDirectory, FileChannel.open(path, StandardOpenOption.READ),
                isDirectory ? null : new Content(0));
            byKey.put(attributes.fileKey(), node);
            listener.accept(new Event.Made(lastNode, isDirectory));
            if (isDirectory)
            {
                names.put(lastNode, Map.of());
            }
        }
        return node;
    }

    private void look(final Path path, final Node node) throws IOException
    {
        final Map<Integer, Page> changed = new LinkedHashMap<>();
        final long sizeBytes = node.channel().size();
        final List<Integer> data = sizeBytes <= SMALL_BYTES ? null : dataPages(path, sizeBytes);
        final int pages = (int)((sizeBytes + Page.BYTES - 1) / Page.BYTES);
        if (data == null)
        {
            look(node, 0, pages, changed);
        }
        else
        {
            for (int from = 0, to = 1; from < data.size(); from = to, to++)
            {
                while (to < data.size() && data.get(to) == data.get(to - 1) + 1)
                {
                    to++;
                }
                look(node, data.get(from), to - from, changed);
            }
        }
        for (final int index : node.seen().present())
        {
            if (index >= pages || data != null && Collections.binarySearch(data, index) < 0)
            {
                changed.put(index, null);
            }
        }
        if (!changed.isEmpty() || sizeBytes != node.seen().sizeBytes())
        {
            changed.forEach(node.seen()::page);
            node.seen().sizeBytes(sizeBytes);
            listener.accept(new Event.Change(node.number(), changed, sizeBytes));
        }
    }

    private void look(final Node node, final int first, final int count, final Map<Integer, Page> changed)
        throws IOException
    {
        if (buffer.capacity() < count * Page.BYTES)
        {
            buffer = ByteBuffer.allocate(count * Page.BYTES);
        }
        buffer.clear().limit(count * Page.BYTES);
        final int length = Math.max(0, node.channel().read(buffer, (long)first * Page.BYTES));
        Arrays.fill(buffer.array(), length, count * Page.BYTES, (byte)0);
        for (int i = 0; i < count; i++)
        {
            final int at = i * Page.BYTES;
            if (!Arrays.equals(buffer.array(), at, at + Page.BYTES, Page.bytes(node.seen().page(first + i)), 0,
                Page.BYTES))
            {
                changed.put(first + i, Page.of(Arrays.copyOfRange(buffer.array(), at, at + Page.BYTES)));
            }
        }
    }

    /** Of a large file, which is sparse: only what is there. */
    private static List<Integer> dataPages(final Path path, final long sizeBytes) throws IOException
    {
        final List<Integer> pages = new ArrayList<>();
        try (NativeFile file = NativeFile.open(path, false))
        {
            long at = file.nextData(0);
            while (at >= 0 && at < sizeBytes)
            {
                final long end = file.nextHole(at);
                for (long page = at / Page.BYTES; page * Page.BYTES < end; page++)
                {
                    pages.add((int)page);
                }
                at = file.nextData(end);
            }
            if (at < 0 && at != -Errno.ENXIO)
            {
                throw new IOException(path + ": " + Errno.describe((int)at) + " instead of where its data are");
            }
        }
        return pages;
    }

    /** What became of names: what moved from one to another did so at once. */
    private static List<Map<String, Integer>> renames(final Map<String, Integer> before, final Map<String, Integer> now)
    {
        final Map<String, Integer> changed = new TreeMap<>();
        before.keySet().stream().filter(name -> !now.containsKey(name))
            .forEach(name -> changed.put(name, Image.NOTHING));
        now.forEach((name, node) ->
        {
            if (!node.equals(before.get(name)))
            {
                changed.put(name, node);
            }
        });
        final List<Map<String, Integer>> changes = new ArrayList<>();
        now.forEach((name, node) ->
        {
            if (changed.containsKey(name))
            {
                final Map<String, Integer> change = new TreeMap<>(Map.of(name, node));
                before.forEach((old, was) ->
                {
                    if (was.equals(node) && changed.getOrDefault(old, node) == Image.NOTHING)
                    {
                        change.put(old, Image.NOTHING);
                        changed.remove(old);
                    }
                });
                changed.remove(name);
                changes.add(change);
            }
        });
        changed.forEach((name, node) -> changes.add(Map.of(name, node)));
        return changes;
    }

    private static List<Path> entries(final Path path) throws IOException
    {
        try (Stream<Path> entries = Files.list(path))
        {
            return entries.sorted().toList();
        }
    }

    private static BasicFileAttributes attributes(final Path path) throws IOException
    {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static void remove(final Path path) throws IOException
    {
        try
        {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
            {
                for (final Path entry : entries(path))
                {
                    remove(entry);
                }
            }
            Files.deleteIfExists(path);
        }
        catch (final NoSuchFileException ex)
        {
            // somebody was faster, as a library that tidies up behind itself
            return;
        }
    }
}
