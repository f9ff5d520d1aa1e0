package io.farblock.daemon.demo;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How this very program was started, so that another process of it runs on the same JVM with the same flags and
 * classes. Stateless.
 */
public final class SelfCommand
{
    private SelfCommand()
    {
    }

    /** @param arguments of the program. */
    public static List<String> of(final String mainClass, final String... arguments)
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments())
        {
            // A debugger's or profiler's agent holds a port or a file that a second process must not share.
            if (!flag.startsWith("-agentlib") && !flag.startsWith("-agentpath") && !flag.startsWith("-javaagent"))
            {
                command.add(flag);
            }
        }
        command.add("-cp");
        command.add(absolute(System.getProperty("java.class.path")));
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    private static String absolute(final String classPath)
    {
        final List<String> entries = new ArrayList<>();
        for (final String entry : classPath.split(File.pathSeparator))
        {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
