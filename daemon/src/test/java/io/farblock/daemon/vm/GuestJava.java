package io.farblock.daemon.vm;

import io.farblock.daemon.cli.Main;
import io.farblock.daemon.demo.SelfCommand;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Command lines for a guest's shell that run a class of this build there: same JVM, same class path, same paths, with
 * temporary files where a guest can write. Stateless.
 */
final class GuestJava
{
    /** For what runs once: interpreting is done before compiling has paid. */
    static final String COMMAND = "-Xint";
    /** For what runs long. New machine code must be translated once more, so only what is hot is compiled, and once. */
    static final String DAEMON = "-XX:CompileThresholdScaling=20";
    /** As in {@code bin/farblock}. */
    private static final List<String> OPTIONS = List.of("-Xmx128m", "-XX:MaxDirectMemorySize=512m",
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Djava.io.tmpdir=/run/tmp");

    private GuestJava()
    {
    }

    static String command(final String compiler, final String mainClass, final String... arguments)
    {
        final List<String> command = SelfCommand.of(mainClass, arguments);
        // later options win over those that this JVM was started with
        command.addAll(command.indexOf("-cp"), OPTIONS);
        command.add(command.indexOf("-cp"), compiler);
        // the suite's logging says nothing: not for a daemon
        command.add(command.indexOf("-cp"), "-Dlogback.configurationFile=" + Main.class.getResource("/logback.xml"));
        return command.stream().map(GuestJava::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(final String word)
    {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
