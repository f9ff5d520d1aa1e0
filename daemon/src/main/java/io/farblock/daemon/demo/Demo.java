package io.farblock.daemon.demo;

import static io.farblock.daemon.config.SizeText.of;

import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.config.SizeText;
import io.farblock.daemon.control.ControlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Sets the stage and clears it: directory, device, sites; then {@link DemoStory}; then the compare. Runs on the main
 * thread. However it ends, by success, failure or Ctrl-C, both daemons are killed and the directory is removed (unless
 * it is to be kept).
 */
public final class Demo
{
    private static final int LOG_LINES = 15;
    private static final long SMALLEST_BYTES = 16L << 20;

    private final DemoOptions options;
    private final String mainClass;
    private final NanoClock clock;
    private final DemoScreen screen;
    private volatile boolean interrupted;

    /** @param mainClass of this program, for the sites' processes. */
    public Demo(final DemoOptions options, final String mainClass, final PrintWriter out, final boolean terminal,
        final NanoClock clock)
    {
        this.options = options;
        this.mainClass = mainClass;
        this.clock = clock;
        this.screen = new DemoScreen(out, terminal, clock);
    }

    /**
     * Runs all of it.
     *
     * @throws DemoException when the story could not be told to its end; the logs' last lines have been shown.
     */
    public DemoReport run() throws DemoException, IOException, InterruptedException
    {
        if (options.device() == null && options.sizeBytes() < SMALLEST_BYTES)
        {
            throw new DemoException("--size " + SizeText.of(options.sizeBytes()) + " is too small; "
                + SizeText.of(SMALLEST_BYTES) + " is the least");
        }
        try (WorkingDirectory directory = new WorkingDirectory(options.directory(), options.keep());
            DemoSites sites = new DemoSites(directory.path(), mainClass, clock))
        {
            final List<Runnable> ends = List.of(() -> interrupted = true, sites::close, directory::close);
            final Thread hook = new Thread(() -> ends.forEach(Runnable::run), "demo-end");
            Runtime.getRuntime().addShutdownHook(hook);
            try
            {
                return run(directory.path(), sites);
            }
            finally
            {
                removeHook(hook);
            }
        }
    }

    private DemoReport run(final Path directory, final DemoSites sites)
        throws DemoException, IOException, InterruptedException
    {
        screen.say("Working in " + directory + (options.keep() ? " (kept)" : " (removed at the end)"));
        final DemoImage image;
        final Path device;
        final long sizeBytes;
        if (options.device() == null)
        {
            checkSpace(directory, 3 * options.sizeBytes());
            image = new DemoImage(directory.resolve("source.img"), options.sizeBytes(), options.seed());
            screen.say("Making an image of " + of(image.sizeBytes()) + ", seed " + options.seed() + " ...");
            screen.say("  it holds " + image.make(directory.resolve("content")));
            device = image.file();
            sizeBytes = image.sizeBytes();
        }
        else
        {
            image = null;
            device = options.device().toAbsolutePath();
            sizeBytes = size(device);
            checkSpace(directory, 2 * sizeBytes);
            screen.say("Reading " + device + ", " + of(sizeBytes)
                + ". It is left alone: the rounds that write are skipped, the faults hit the first epoch.");
        }
        try
        {
            sites.start(device, sizeBytes);
            screen.say("Two sites run: alpha (source, pid " + sites.source().pid() + ") and beta (target, pid "
                + sites.target().pid() + "), with two lines between them, under TLS");
            final DemoStory story = new DemoStory(sites, screen, clock, sizeBytes);
            if (image == null)
            {
                story.tellWithoutWriting();
            }
            else
            {
                story.tell(image);
            }
            sites.stop();
            return compared(device, sites.replica(), story);
        }
        catch (final ControlException | DemoException failed)
        {
            awaitEndIfInterrupted();
            showLogs(sites.source());
            showLogs(sites.target());
            throw new DemoException(failed.getMessage());
        }
    }

    private DemoReport compared(final Path device, final Path replica, final DemoStory story) throws IOException
    {
        screen.say("Comparing every byte ...");
        final long beganNs = clock.nanoTime();
        final DeviceCompare compare = DeviceCompare.of(device, replica);
        screen.say("  sha256 " + compare.leftSha256() + "  " + device);
        screen.say("  sha256 " + compare.rightSha256() + "  " + replica);
        final String verdict;
        if (compare.equal())
        {
            verdict = "EQUAL: " + of(compare.leftBytes()) + ", every byte, in "
                + DurationText.of(clock.nanoTime() - beganNs);
        }
        else
        {
            verdict = "DIFFERENT: first at byte " + compare.firstDifference() + "; source " + compare.leftBytes()
                + " bytes, replica " + compare.rightBytes() + " bytes"
                + (options.device() == null ? "" : "; was the device written meanwhile?");
        }
        return new DemoReport(story.rounds(), compare.equal(), verdict);
    }

    private void showLogs(final DemoSite site)
    {
        screen.say("--- the end of " + site.name() + "'s log");
        site.lastLines(LOG_LINES).forEach(screen::say);
    }

    /** After Ctrl-C the daemons die first; what the story then runs into is no news, and the process is ending. */
    private void awaitEndIfInterrupted() throws InterruptedException
    {
        if (interrupted)
        {
            Thread.currentThread().join();
        }
    }

    private static void removeHook(final Thread hook)
    {
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException alreadyEnding)
        {
            // Then the hook does what is left to do.
        }
    }

    private static long size(final Path device) throws IOException, DemoException
    {
        if (!Files.exists(device))
        {
            throw new DemoException(device + " does not exist");
        }
        if (Files.isDirectory(device) || !Files.isReadable(device))
        {
            throw new DemoException(device + " is not a device or file that may be read");
        }
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ))
        {
            if (channel.size() == 0)
            {
                throw new DemoException(device + " is empty");
            }
            return channel.size();
        }
    }

    private static void checkSpace(final Path directory, final long neededBytes) throws IOException, DemoException
    {
        final long freeBytes = Files.getFileStore(directory).getUsableSpace();
        if (freeBytes < neededBytes)
        {
            throw new DemoException("the demo may need " + of(neededBytes) + " in " + directory + " and "
                + of(freeBytes) + " are free; choose another --dir or a smaller --size");
        }
    }
}
