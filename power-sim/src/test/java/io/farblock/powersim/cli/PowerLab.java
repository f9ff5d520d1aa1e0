package io.farblock.powersim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A UPS file in a directory, and commands about it, run in this process as a shell would run them. The server runs on a
 * thread of its own and is stopped by closing.
 */
final class PowerLab implements AutoCloseable
{
    static final String PASSWORD = "secret";

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final Pattern ADDRESS = Pattern.compile("upsc \\S+@(\\S+)");

    final Path file;
    private final StringWriter serverOut = new StringWriter();
    private final StringWriter serverErr = new StringWriter();
    private CompletableFuture<Integer> server;

    /** At a port that is free, with users "primary" and "secondary". */
    PowerLab(final Path directory, final String serverKeys, final String upses) throws IOException
    {
        file = directory.resolve("ups.toml");
        final StringBuilder text = new StringBuilder("[server]\nlisten = \"127.0.0.1:0\"\n").append(serverKeys);
        for (final String role : List.of("primary", "secondary"))
        {
            text.append("[[user]]\nname = \"").append(role).append("\"\npassword = \"").append(PASSWORD)
                .append("\"\nupsmon = \"").append(role).append("\"\ncommands = true\n");
        }
        Files.writeString(file, text.append(upses));
    }

    /** What a command did. */
    record Outcome(int exit, String out, String err)
    {
    }

    /** Runs a command about the file. */
    Outcome run(final String command, final String... words)
    {
        final List<String> arguments = new ArrayList<>(List.of("ups", command, file.toString()));
        arguments.addAll(Arrays.asList(words));
        return runAll(arguments.toArray(new String[0]));
    }

    static Outcome runAll(final String... arguments)
    {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int exit = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
        // whichever the locale of the machine allows
        return new Outcome(exit, out.toString().replace('\u2588', '#').replace('\u2591', '.'), err.toString());
    }

    /** Runs a command that must succeed. */
    String done(final String command, final String... words)
    {
        final Outcome outcome = run(command, words);
        assertThat(outcome.exit()).as(command + ": " + outcome.err()).isZero();
        return outcome.out();
    }

    /** Serves the UPSes until {@link #stop}. */
    PowerLab serve(final String... words)
    {
        final List<String> arguments = new ArrayList<>(List.of("ups", "serve", file.toString()));
        arguments.addAll(Arrays.asList(words));
        server = new CompletableFuture<>();
        final CompletableFuture<Integer> exit = server;
        new Thread(() -> exit.complete(Main.run(new PrintWriter(serverOut, true), new PrintWriter(serverErr, true),
            arguments.toArray(new String[0]))), "lab-server").start();
        await(() -> serverOut.toString().contains("is served") || exit.isDone());
        assertThat(exit).as(serverErr.toString()).isNotDone();
        return this;
    }

    /** HOST:PORT that NUT clients go to. */
    String address()
    {
        final Matcher matcher = ADDRESS.matcher(serverOut.toString());
        assertThat(matcher.find()).as(serverOut.toString()).isTrue();
        return matcher.group(1);
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

    /** Until the picture for programs shows it. */
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
