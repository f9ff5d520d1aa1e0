package io.farblock.blockdev;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a descriptor or a thread behind. Only what a test can have caused is looked at:
 * descriptors on block devices, on BPF programs and maps, and on files under the temporary or the working directory
 * (the JVM opens jars, zone data and sockets whenever it likes), and threads whose name starts with one of the given
 * prefixes. A thread that is ending gets some seconds to do so.
 *
 * <pre>
 *   &#64;RegisterExtension
 *   static final LeakCheck LEAKS = new LeakCheck("fb-");
 * </pre>
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback
{
    private static final long PATIENCE_NS = SECONDS.toNanos(5);

    private final long patienceNs;
    private final List<String> threadPrefixes;
    private final List<String> openBefore = new ArrayList<>();
    private final List<Thread> threadsBefore = new ArrayList<>();

    public LeakCheck(final String... threadPrefixes)
    {
        this(PATIENCE_NS, threadPrefixes);
    }

    LeakCheck(final long patienceNs, final String... threadPrefixes)
    {
        this.patienceNs = patienceNs;
        this.threadPrefixes = List.of(threadPrefixes);
    }

    @Override
    public void beforeAll(final ExtensionContext context)
    {
        openBefore.clear();
        openBefore.addAll(openFiles());
        threadsBefore.clear();
        threadsBefore.addAll(threads());
    }

    @Override
    public void afterAll(final ExtensionContext context) throws InterruptedException
    {
        final long deadlineNs = System.nanoTime() + patienceNs;
        final List<Thread> threads = threads();
        threads.removeAll(threadsBefore);
        for (final Thread thread : threads)
        {
            // join(0) would wait for ever
            thread.join(Math.max(1, (deadlineNs - System.nanoTime()) / 1_000_000));
        }
        threads.removeIf(thread -> !thread.isAlive());
        final List<String> files = openFiles();
        openBefore.forEach(files::remove);
        if (!threads.isEmpty() || !files.isEmpty())
        {
            throw new AssertionError("left behind: threads " + threads + ", descriptors on " + files);
        }
    }

    private List<Thread> threads()
    {
        final List<Thread> found = new ArrayList<>(Thread.getAllStackTraces().keySet());
        found.removeIf(thread -> threadPrefixes.stream().noneMatch(thread.getName()::startsWith));
        return found;
    }

    private static List<String> openFiles()
    {
        final List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd")))
        {
            for (final Path descriptor : descriptors)
            {
                final String target = targetOf(descriptor);
                if (isOurs(target))
                {
                    found.add(target);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("cannot list the open descriptors of this process", ex);
        }
        return found;
    }

    private static String targetOf(final Path descriptor)
    {
        try
        {
            return Files.readSymbolicLink(descriptor).toString();
        }
        catch (final IOException ex)
        {
            // closed since it was listed, as the listing's own descriptor is
            return "";
        }
    }

    private static boolean isOurs(final String target)
    {
        final boolean ofTheTests = target.startsWith(System.getProperty("java.io.tmpdir") + "/") ||
            target.startsWith(System.getProperty("user.dir") + "/") ||
            target.startsWith("/dev/") && isBlockDevice(Path.of(target)) || target.contains("anon_inode:bpf");
        return ofTheTests && !target.endsWith(".jar") && !target.endsWith(".class") && !target.contains("surefire") &&
            !target.contains(".so") && !target.contains("jffi") && !target.contains("hsperfdata");
    }

    private static boolean isBlockDevice(final Path path)
    {
        try
        {
            return ((int)Files.getAttribute(path, "unix:mode") & 0xf000) == 0x6000;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }
}
