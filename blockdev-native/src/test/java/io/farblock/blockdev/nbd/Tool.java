package io.farblock.blockdev.nbd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs of other NBD implementations. A test that wants one that is not installed is skipped with its package. */
final class Tool
{
    private static final long PATIENCE_SECONDS = 20;

    private Tool()
    {
    }

    static void require(final String program, final String debianPackage)
    {
        for (final String directory : System.getenv("PATH").split(":"))
        {
            if (Files.isExecutable(Path.of(directory, program)))
            {
                return;
            }
        }
        Assumptions.abort(program + " is not installed: it is in the package " + debianPackage);
    }

    /** What it printed; a failure if it fails or takes too long. */
    static String run(final Path directory, final String... command) throws IOException, InterruptedException
    {
        final Path output = Files.createTempFile(directory, "output", "");
        final Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(output.toFile()).start();
        try
        {
            final boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            final String printed = Files.readString(output);
            if (!ended || process.exitValue() != 0)
            {
                throw new AssertionError(String.join(" ", command) + (ended ? " failed: " : " does not end: ") +
                    printed);
            }
            return printed;
        }
        finally
        {
            process.destroyForcibly();
        }
    }

    /** An nbdkit that listens on a socket in this directory, and ends with this process at the latest. */
    static Nbdkit nbdkit(final Path directory, final String... arguments) throws IOException
    {
        require("nbdkit", "nbdkit");
        final Path own = Files.createTempDirectory(directory, "nbdkit");
        final List<String> command = new ArrayList<>(List.of("nbdkit", "--foreground", "--exit-with-parent",
            "--pidfile", own.resolve("pid").toString(), "--unix", own.resolve("socket").toString()));
        command.addAll(List.of(arguments));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(own.resolve("output").toFile()).start();
        // it writes the file when it listens
        while (process.isAlive() && !Files.exists(own.resolve("pid")))
        {
            Thread.onSpinWait();
        }
        if (!process.isAlive())
        {
            throw new AssertionError("nbdkit failed: " + Files.readString(own.resolve("output")));
        }
        return new Nbdkit(process, NbdAddress.unix(own.resolve("socket")));
    }

    /** A server of somebody else's. */
    record Nbdkit(Process process, NbdAddress address) implements AutoCloseable
    {
        NbdBlockDevice connect() throws IOException
        {
            return NbdBlockDevice.connect(new NbdClientConfig(address, ""));
        }

        @Override
        public void close()
        {
            process.destroyForcibly().onExit().join();
        }
    }
}
