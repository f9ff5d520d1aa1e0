package io.farblock.raidsim.md;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Linux kernel as a process (user-mode-linux), in which a script of src/test/md runs on what lies in a
 * directory.
 * It is over when {@link #run} returns. Stateless.
 */
final class MdGuest
{
    private static final Path ROOT = Path.of(System.getProperty("farblock.root", ".."));
    private static final List<String> PROGRAMS =
        List.of("/usr/bin/linux.uml", "/usr/sbin/mdadm", "/usr/sbin/insmod", "/usr/sbin/losetup", "/usr/bin/taskset");

    private MdGuest()
    {
    }

    /** Programs are not optional for those who asked for this suite. */
    static void require()
    {
        final List<String> missing = PROGRAMS.stream().filter(path -> !Files.isExecutable(Path.of(path))).toList();
        if (!missing.isEmpty())
        {
            throw new IllegalStateException("not installed: " + String.join(", ", missing) +
                "; the README's line below \"command: vm\" installs what this suite needs");
        }
    }

    /**
     * Boots, runs the script with the directory as its /tmp/share, powers off.
     *
     * @return what the script wrote to "report", lines of NAME WHAT VALUE, with "NAME WHAT" as the key.
     */
    static Map<String, String> run(final Path directory, final String script, final int seconds)
        throws IOException, InterruptedException
    {
        Files.copy(ROOT.resolve("raid-sim/src/test/md").resolve(script), directory.resolve(script));
        final ProcessBuilder builder = new ProcessBuilder(
            ROOT.resolve("blockdev-native/src/test/md/guest.sh").toString(), directory.toString(), script);
        builder.environment().put("GUEST_SECONDS", Integer.toString(seconds));
        final Process process = builder.redirectErrorStream(true)
            .redirectOutput(directory.resolve("guest").toFile()).start();
        try
        {
            if (!process.waitFor(seconds + 30, TimeUnit.SECONDS) || process.exitValue() != 0)
            {
                throw new IllegalStateException("the guest did not end well: " +
                    text(directory.resolve("guest")) + text(directory.resolve("log")));
            }
        }
        finally
        {
            // its own trap ends the guest
            process.destroy();
            process.onExit().join();
        }
        return report(directory.resolve("report"));
    }

    private static Map<String, String> report(final Path file) throws IOException
    {
        final Map<String, String> report = new HashMap<>();
        for (final String line : Files.readAllLines(file))
        {
            final String[] words = line.split(" ", 3);
            report.put(words[0] + " " + words[1], words.length > 2 ? words[2] : "");
        }
        return report;
    }

    private static String text(final Path file) throws IOException
    {
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
