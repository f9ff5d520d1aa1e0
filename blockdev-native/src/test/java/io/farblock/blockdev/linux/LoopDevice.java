package io.farblock.blockdev.linux;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A loop device on a temporary file, for tests that need a real block device and therefore root. Where none can be
 * made the test is skipped with a line that says so, or fails if {@code FARBLOCK_REQUIRE_ROOT_TESTS=true}. Closing
 * unmounts and detaches, in that order, and deletes the file. One thread.
 */
public final class LoopDevice implements AutoCloseable
{
    private final Path file;
    private final Path device;
    private Path mountPoint;

    private LoopDevice(final Path file, final Path device)
    {
        this.file = file;
        this.device = device;
    }

    /** A loop device of {@code sizeBytes} zeros, with further options for losetup. */
    public static LoopDevice create(final long sizeBytes, final String... options) throws IOException
    {
        final Path file = Files.createTempFile("farblock-loop", ".img");
        Files.delete(file);
        ImageFile.create(file, sizeBytes);
        return attach(file, options);
    }

    /** A loop device on a file that is deleted in the end. */
    public static LoopDevice attach(final Path file, final String... options) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of("losetup", "-f", "--show"));
        command.addAll(List.of(options));
        command.add(file.toString());
        try
        {
            return new LoopDevice(file, Path.of(run(command)));
        }
        catch (final IOException ex)
        {
            Files.deleteIfExists(file);
            skip("no loop device: " + ex.getMessage());
            throw ex;
        }
    }

    /** Skips the test that calls it, unless tests that need root are required. */
    public static void skip(final String reason)
    {
        skip("root", reason);
    }

    /** The same for a test that needs more; {@code needs} says root too: the check for skipped tests looks for it. */
    public static void skip(final String needs, final String reason)
    {
        if (!"true".equals(System.getenv("FARBLOCK_REQUIRE_ROOT_TESTS")))
        {
            System.out.println("skipped, needs " + needs + ": " + reason);
            Assumptions.abort("needs " + needs + ": " + reason);
        }
    }

    public Path device()
    {
        return device;
    }

    public Path file()
    {
        return file;
    }

    /** Makes an ext4 file system and mounts it. */
    Path mount() throws IOException
    {
        return mount("ext4");
    }

    /** Makes a file system, "ext4", "xfs" or "btrfs", and mounts it. */
    public Path mount(final String type) throws IOException
    {
        run(List.of("mkfs." + type, "-q", "ext4".equals(type) ? "-F" : "-f", device.toString()));
        final Path directory = Files.createTempDirectory("farblock mount");
        try
        {
            run(List.of("mount", device.toString(), directory.toString()));
            mountPoint = directory;
        }
        catch (final IOException ex)
        {
            skip("no mount: " + ex.getMessage());
            throw ex;
        }
        finally
        {
            if (mountPoint == null)
            {
                Files.delete(directory);
            }
        }
        return mountPoint;
    }

    @Override
    public void close() throws IOException
    {
        try
        {
            if (mountPoint != null)
            {
                run(List.of("umount", mountPoint.toString()));
                Files.delete(mountPoint);
            }
        }
        finally
        {
            try
            {
                run(List.of("losetup", "-d", device.toString()));
            }
            finally
            {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Runs a command to its end and gives its output; anything but exit code 0 is an exception that shows it. */
    public static String run(final List<String> command) throws IOException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        try
        {
            if (!process.waitFor(60, SECONDS) || process.exitValue() != 0)
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
}
