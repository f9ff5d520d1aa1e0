package io.farblock.powersim.explore;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.linux.FileSync;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The devices and the directory that a component uses in one life, between two power cuts. Everything that is written,
 * renamed and made durable is recorded.
 *
 * <p>Devices are in memory. Files are real ones, because some are mapped: what changed in them is seen by looking, at
 * each sync, each fact, each request to a device, and whenever {@link #look()} is called. What was made durable is told
 * by the {@link #sync()} that the component is given.
 *
 * <p>One thread. Files that cannot be read are thrown as {@link UncheckedIOException}.
 */
public final class Media implements AutoCloseable
{
    private final Map<String, MediaDevice> devices = new LinkedHashMap<>();
    private final FileWatch files;
    private final Event.Trace trace;
    private final Flaw flaw;
    private long readBytes;
    /** What is to come after the next sync. */
    private final List<Event> late = new ArrayList<>();
    private final List<FileDevice> opened = new ArrayList<>();

    /** @param directory to be made, with what the image has. */
    Media(final Image image, final List<Object> factsBefore, final Path directory, final Flaw flaw)
    {
        this.trace = new Event.Trace(image, factsBefore, new ArrayList<>());
        this.flaw = flaw;
        this.files = new FileWatch(directory, image, this::happened);
        image.devices().forEach((name, content) -> devices.put(name, new MediaDevice(name, content.copy(), this)));
    }

    /** A device of this name: as the last cut left it, or new and full of zeros. Closing it leaves it as it is. */
    public BlockDevice device(final String name, final long sizeBytes)
    {
        return devices.computeIfAbsent(name, each ->
        {
            happened(new Event.Plugged(each, sizeBytes));
            return new MediaDevice(each, new Content(sizeBytes), this);
        });
    }

    /** Whether there is a device of this name already. */
    public boolean hasDevice(final String name)
    {
        return devices.containsKey(name);
    }

    /** The directory whose files and names are recorded; the names above it are not ours to lose. */
    public Path directory()
    {
        return files.directory();
    }

    /** What the component is to make its files durable with. */
    public FileSync sync()
    {
        return new MediaSync(this);
    }

    /** A device that is a file of the directory: its requests are seen, its flushes make the file durable. */
    public BlockDevice file(final Path path, final BlockDevice open)
    {
        final FileDevice device = new FileDevice(path, open, this);
        opened.add(device);
        return device;
    }

    /** Looks at what changed in the directory, so that a cut may leave what is there now. */
    public void look()
    {
        try
        {
            files.look();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** As the other one, at one file alone. */
    void look(final Path path)
    {
        try
        {
            files.look(path);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Puts an end to it; the directory is removed. What a process leaves open when the power goes is closed, too. */
    @Override
    public void close()
    {
        opened.forEach(FileDevice::close);
        files.close();
    }

    /** How much was read of all devices in this life. */
    public long readBytes()
    {
        return readBytes;
    }

    void read(final int lengthBytes)
    {
        readBytes += lengthBytes;
    }

    Event.Trace trace()
    {
        return trace;
    }

    /** A fact is about to count. */
    void noted(final Object fact)
    {
        look();
        happened(new Event.Noted(fact));
    }

    void happened(final Event event)
    {
        final boolean isWrite = event instanceof Event.Write || event instanceof Event.Change ||
            event instanceof Event.Rename;
        if (isWrite && flaw != Flaw.NONE && flaw.delaysWrite(Flaw.site()))
        {
            late.add(event);
            return;
        }
        trace.events().add(event);
        if (event.isEdge() && !(event instanceof Event.Noted))
        {
            trace.events().addAll(late);
            late.clear();
        }
    }

    /** The content of a file is about to be durable. */
    void fileSynced(final Path path)
    {
        look();
        settled(new Event.FileSync(files.node(path)));
    }

    /** The names in a directory are about to be durable; of one above ours they are as it is. */
    void directorySynced(final Path path)
    {
        look();
        if (path.toAbsolutePath().startsWith(files.directory()))
        {
            settled(new Event.DirectorySync(files.node(path)));
        }
    }

    void settled(final Event event)
    {
        if (flaw == Flaw.NONE || !flaw.ignoresSync(Flaw.site()))
        {
            happened(event);
        }
    }
}
