package io.farblock.raidsim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.nbd.NbdAddress;
import io.farblock.blockdev.nbd.NbdBlockDevice;
import io.farblock.blockdev.nbd.NbdClientConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * An array file in a directory, and commands about it, run in this process as a shell would run them. The server runs
 * on a thread of its own and is stopped by closing.
 */
final class CommandLab implements AutoCloseable
{
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    final Path file;
    final NbdAddress address;
    private final StringWriter serverOut = new StringWriter();
    private final StringWriter serverErr = new StringWriter();
    private CompletableFuture<Integer> server;

    /** Disks of 4 MiB that take no time, with the first so many in the array. */
    CommandLab(final Path directory, final String array, final int disks, final int slots) throws IOException
    {
        file = directory.resolve("lab.toml");
        address = NbdAddress.unix(directory.resolve("nbd.sock"));
        final StringBuilder text = new StringBuilder("[array]\nname = \"lab\"\n" + array);
        for (int i = 0; i < disks; i++)
        {
            text.append("[[disk]]\nfile = \"disk").append(i).append(".img\"\nsize = \"4M\"\n")
                .append(i < slots ? "" : "spare = true\n");
        }
        Files.writeString(file, text);
    }

    /** What a command did. */
    record Outcome(int exit, String out, String err)
    {
    }

    /** Runs a command about the array. */
    Outcome run(final String command, final String... words)
    {
        final String[] arguments = new String[words.length + 2];
        arguments[0] = command;
        arguments[1] = file.toString();
        System.arraycopy(words, 0, arguments, 2, words.length);
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int exit = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Outcome(exit, out.toString(), err.toString());
    }

    /** Runs a command that must succeed. */
    String done(final String command, final String... words)
    {
        final Outcome outcome = run(command, words);
        assertThat(outcome.exit()).as(command + ": " + outcome.err()).isZero();
        return outcome.out();
    }

    /** Serves the array until {@link #stop}. */
    CommandLab serve()
    {
        server = new CompletableFuture<>();
        final CompletableFuture<Integer> exit = server;
        new Thread(() -> exit.complete(Main.run(new PrintWriter(serverOut, true), new PrintWriter(serverErr, true),
            "serve", file.toString(), "--listen", address.toString())), "lab-server").start();
        await(() -> serverOut.toString().contains("is served at") || exit.isDone());
        assertThat(exit).as(serverErr.toString()).isNotDone();
        return this;
    }

    /** Asks the server to stop, and gives its exit code. */
    int stop()
    {
        done("stop");
        final int exit = server.join();
        server = null;
        serverOut.getBuffer().setLength(0);
        return exit;
    }

    /** Cuts the power, which ends the server, and gives what was said of it. */
    String cut(final long seed)
    {
        final String said = done("cut", "--seed", String.valueOf(seed));
        assertThat(server.join()).as(serverErr.toString()).isZero();
        server = null;
        serverOut.getBuffer().setLength(0);
        return said;
    }

    /** What servers have told people, so far. */
    String complaints()
    {
        return serverErr.toString();
    }

    NbdBlockDevice client() throws IOException
    {
        return NbdBlockDevice.connect(new NbdClientConfig(address, "lab")
            .timeouts(Duration.ofSeconds(10), Duration.ofSeconds(20)));
    }

    void write(final long offsetBytes, final byte[] data) throws IOException
    {
        try (NbdBlockDevice client = client())
        {
            new DeviceBytes(client).write(offsetBytes, data);
            assertThat(client.flush()).isZero();
        }
    }

    byte[] read(final long offsetBytes, final int lengthBytes) throws IOException
    {
        try (NbdBlockDevice client = client())
        {
            return new DeviceBytes(client).read(offsetBytes, lengthBytes);
        }
    }

    /** Until the picture shows it. */
    void awaitStatus(final String text)
    {
        await(() -> run("status", "--json").out().contains(text));
    }

    static void await(final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean())
        {
            assertThat(System.nanoTime()).as("still waiting").isLessThan(deadlineNs);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close()
    {
        if (server != null && !server.isDone())
        {
            stop();
        }
    }
}
