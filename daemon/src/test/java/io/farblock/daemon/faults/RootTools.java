package io.farblock.daemon.faults;

import io.farblock.blockdev.bpf.BpfFileSystem;
import io.farblock.blockdev.bpf.BpfTracker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Loop devices, mounts and network namespaces of one test. Where they cannot be made the test is skipped with a line
 * that says so, or fails if {@code FARBLOCK_REQUIRE_ROOT_TESTS=true}. Closing undoes everything in reverse order. One
 * thread.
 */
public final class RootTools implements AutoCloseable
{
    private final Deque<List<String>> undo = new ArrayDeque<>();
    private final List<String> forget = new ArrayList<>();

    /** A loop device on that file. */
    Path attach(final Path file) throws IOException
    {
        final String device = orSkip("losetup", "-f", "--show", file.toString());
        undo.push(List.of("losetup", "-d", device));
        return Path.of(device);
    }

    /** A new ext4 file system on the device, mounted at a directory that is made. */
    Path mount(final Path device, final Path at) throws IOException
    {
        return mount(device, at, "mkfs.ext4", "-q", "-F", "-m", "0");
    }

    /** A new file system on the device, mounted at a directory that is made. */
    Path mount(final Path device, final Path at, final String... mkfs) throws IOException
    {
        final List<String> make = new ArrayList<>(List.of(mkfs));
        make.add(device.toString());
        run(make.toArray(new String[0]));
        Files.createDirectories(at);
        orSkip("mount", device.toString(), at.toString());
        undo.push(List.of("umount", at.toString()));
        return at;
    }

    /** A new, empty network namespace of that name. */
    public void namespace(final String name) throws IOException
    {
        orSkip("ip", "netns", "add", name);
        undo.push(List.of("ip", "netns", "delete", name));
    }

    /**
     * Lets the daemons of this test follow what is written to devices; in the end nothing of that is left.
     *
     * @param state the state directory of the daemon whose disk it is.
     */
    void track(final Path state) throws IOException
    {
        final Path bpffs = BpfFileSystem.DEFAULT;
        if (!"bpf".equals(Files.getFileStore(bpffs).type()))
        {
            orSkip("mount", "-t", "bpf", "bpf", bpffs.toString());
            undo.push(List.of("umount", bpffs.toString()));
        }
        final Path volume = state.resolve("source").resolve("beta").resolve(TwoDaemons.GROUP).resolve("disk");
        forget.add(volume.toAbsolutePath().toString());
    }

    /** Whether a program is installed. */
    public static boolean has(final String program)
    {
        return List.of("/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/").stream()
            .anyMatch(directory -> Files.isExecutable(Path.of(directory + program)));
    }

    /** Runs a command to its end and gives its output; anything but exit code 0 is an exception that shows it. */
    public static String run(final String... command) throws IOException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        try
        {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0)
            {
                throw new IOException(String.join(" ", command) + " failed: " + output.replace('\n', ' '));
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + String.join(" ", command), ex);
        }
        return output;
    }

    @Override
    public void close() throws IOException
    {
        IOException failed = null;
        for (final String volume : forget)
        {
            BpfTracker.forget(BpfFileSystem.at(BpfFileSystem.DEFAULT), volume);
        }
        forget.clear();
        while (!undo.isEmpty())
        {
            try
            {
                run(undo.pop().toArray(new String[0]));
            }
            catch (final IOException ex)
            {
                failed = ex;
            }
        }
        if (failed != null)
        {
            throw failed;
        }
    }

    private static String orSkip(final String... command) throws IOException
    {
        try
        {
            return run(command);
        }
        catch (final IOException ex)
        {
            if (!"true".equals(System.getenv("FARBLOCK_REQUIRE_ROOT_TESTS")))
            {
                System.out.println("skipped, needs root: " + ex.getMessage());
                Assumptions.abort("needs root: " + ex.getMessage());
            }
            throw ex;
        }
    }
}
