package io.farblock.daemon.vm;

import io.farblock.daemon.demo.SelfCommand;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Command lines for a guest's shell that run a class of this build there: same JVM, same class path, same paths, with
 * temporary files where a guest can write. Stateless.
 */
final class GuestJava
{
    /** As in {@code bin/farblock}, and no second compiler: on a translated processor it takes more than it gives. */
    private static final List<String> OPTIONS = List.of("-Xmx128m", "-XX:MaxDirectMemorySize=512m",
        "-XX:+UseSerialGC", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=/run/tmp");

    private GuestJava()
    {
    }

    static String command(final List<String> options, final String mainClass, final String... arguments)
    {
        final List<String> command = SelfCommand.of(mainClass, arguments);
        // later options win over those that this JVM was started with
        command.addAll(command.indexOf("-cp"), OPTIONS);
        command.addAll(command.indexOf("-cp"), options);
        return command.stream().map(GuestJava::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(final String word)
    {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
