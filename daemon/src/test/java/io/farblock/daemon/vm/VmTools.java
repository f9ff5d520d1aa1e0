package io.farblock.daemon.vm;

import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.daemon.dist.ProjectRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the suite takes from this machine: programs, scripts, properties, processes that end with us. Stateless. */
final class VmTools
{
    private static final String PATHS = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/qemu";
    private static final List<String> PROGRAMS = List.of("qemu-system-x86_64", "virtiofsd", "mdadm",
        "insmod", "ip", "socat", "setpriv");

    private VmTools()
    {
    }

    /** Root is asked for as in every other test; programs are not optional for those who asked for this suite. */
    static void require() throws IOException
    {
        if (!"0".equals(LoopDevice.run(List.of("id", "-u"))))
        {
            LoopDevice.skip("the guest's file system is served by virtiofsd, which only root may run");
        }
        final List<String> missing = PROGRAMS.stream().filter(program -> program(program) == null).toList();
        if (!missing.isEmpty())
        {
            throw new IllegalStateException("not installed: " + String.join(", ", missing) +
                "; the README's line below \"command: vm\" installs what this suite needs");
        }
    }

    /** Where a program lies; null when it is not installed. */
    static Path program(final String name)
    {
        return Arrays.stream(PATHS.split(":")).map(directory -> Path.of(directory, name))
            .filter(Files::isExecutable).findFirst().orElse(null);
    }

    /** A script beside the recipes of the md fixtures. */
    static Path recipe(final String name)
    {
        return ProjectRoot.find().resolve("blockdev-native/src/test/md").resolve(name);
    }

    static String property(final String name, final String fallback)
    {
        final String text = System.getProperty(name, "").trim();
        return text.isEmpty() || text.startsWith("$") ? fallback : text;
    }

    /**
     * Starts a process that the kernel kills when the thread that called this ends, so that nothing outlives a test
     * run that was killed itself.
     */
    static Process start(final Path output, final String... command) throws IOException
    {
        final ProcessBuilder builder = tied(List.of(command));
        builder.environment().put("TMPDIR", output.getParent().toString());
        return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
    }

    static ProcessBuilder tied(final List<String> command)
    {
        final List<String> all = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        all.add(program(command.get(0)).toString());
        all.addAll(command.subList(1, command.size()));
        return new ProcessBuilder(all);
    }

    /** At once, as the loss of power; returns when it is gone. */
    static void kill(final Process process)
    {
        if (process != null)
        {
            process.destroyForcibly().onExit().join();
        }
    }

    /** The end of a log, for a failure's message. */
    static String tail(final Path log) throws IOException
    {
        if (!Files.exists(log))
        {
            return "(nothing in " + log.getFileName() + ")";
        }
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1))
        {
            final List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - 30), all.size()));
        }
    }
}
