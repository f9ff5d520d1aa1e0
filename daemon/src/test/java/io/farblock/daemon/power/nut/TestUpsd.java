package io.farblock.daemon.power.nut;

import io.farblock.daemon.faults.Deadline;
import io.farblock.daemon.power.UpsConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;

/**
 * The machine's own upsd, with a dummy-ups driver for each UPS, in a directory and on a port of its own. A test that
 * begins one is skipped where it is not installed, with the package's name. Closing ends all of its processes.
 *
 * <pre>
 *   try (TestUpsd upsd = TestUpsd.start(directory, "lab"))
 *   {
 *       upsd.say("lab", "OB DISCHRG", 80, 600);      // upsd says so when this returns
 *       upsd.killDriver("lab");
 * </pre>
 *
 * <p>One thread.
 */
public final class TestUpsd implements AutoCloseable
{
    private static final Path SERVER = Path.of("/lib/nut/upsd");
    private static final Path DRIVER = Path.of("/lib/nut/dummy-ups");
    private static final int PATIENCE_S = 30;
    private static final int LOWEST_PORT = 10_000;
    private static final int PORTS = 20_000;

    private final Path directory;
    private final List<String> upses;
    /** The driver goes by it: .dev is read when it changes, .seq is played again and again. */
    private final String suffix;
    private final int port;
    private final Map<String, Process> drivers = new HashMap<>();
    private final Thread lastResort = new Thread(this::killAll);
    private Process server;
    /** The driver tells versions of its file apart by whole seconds. */
    private long fileSeconds;

    private TestUpsd(final Path directory, final List<String> upses, final String suffix, final int port)
    {
        this.directory = directory;
        this.upses = upses;
        this.suffix = suffix;
        this.port = port;
        // also the end of a test run that is broken off
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** All UPSes are on line. */
    public static TestUpsd start(final Path parent, final String... upses) throws IOException
    {
        return start(parent, List.of(upses), "");
    }

    /** @param extra lines for upsd.conf. */
    static TestUpsd start(final Path parent, final List<String> upses, final String extra) throws IOException
    {
        final TestUpsd upsd = new TestUpsd(ownDirectory(parent), upses, ".dev", freePort());
        upsd.launch(extra, "");
        return upsd;
    }

    /**
     * One UPS that plays a scenario of its own, over and over.
     *
     * @param scenario as dummy-ups(8) has it, with TIMER lines.
     */
    public static TestUpsd play(final Path parent, final String ups, final String scenario) throws IOException
    {
        final TestUpsd upsd = new TestUpsd(ownDirectory(parent), List.of(ups), ".seq", freePort());
        upsd.launch("", scenario);
        return upsd;
    }

    /** Skips the test where a program is not installed. */
    static void require(final Path program, final String debianPackage)
    {
        if (!Files.isExecutable(program))
        {
            Assumptions.abort(program + " is not installed: it is in the package " + debianPackage);
        }
    }

    public int port()
    {
        return port;
    }

    /** One of its UPSes, asked five times a second and given up after two; in clear. */
    public UpsConfig config(final String ups)
    {
        return new UpsConfig(ups, "127.0.0.1", port, ups, 1, Duration.ofMillis(200), Duration.ofSeconds(2),
            UpsConfig.Tls.OFF, null);
    }

    /** Has the UPS say so; waits until upsd does. */
    public void say(final String ups, final String status, final int charge, final int runtimeSeconds)
        throws IOException
    {
        write(ups, status, charge, runtimeSeconds);
        awaitStatus(ups, "VAR " + ups + " ups.status \"" + status + "\"");
        awaitAnswer("GET VAR " + ups + " battery.charge", "VAR " + ups + " battery.charge \"" + charge + "\"");
        awaitAnswer("GET VAR " + ups + " battery.runtime",
            "VAR " + ups + " battery.runtime \"" + runtimeSeconds + "\"");
    }

    /** kill -9; waits until upsd has noticed. */
    public void killDriver(final String ups)
    {
        drivers.remove(ups).destroyForcibly().onExit().join();
        awaitStatus(ups, "ERR DRIVER-NOT-CONNECTED");
    }

    /** The driver is there and does nothing, as one whose UPS does not answer; waits until upsd has noticed. */
    public void hangDriver(final String ups) throws IOException
    {
        signal("STOP", drivers.get(ups));
        awaitStatus(ups, "ERR DATA-STALE");
    }

    /** What was hung goes on; waits until upsd has noticed. */
    public void resumeDriver(final String ups) throws IOException
    {
        signal("CONT", drivers.get(ups));
        awaitStatus(ups, "VAR ");
    }

    /** A driver for the UPS, which says what it said last. */
    public void startDriver(final String ups) throws IOException
    {
        // else the old one's socket is in its place until the new one has made its own
        Files.deleteIfExists(socket(ups));
        final Process driver = run("driver-" + ups, DRIVER.toString(), "-a", ups, "-u", user(), "-F");
        drivers.put(ups, driver);
        Deadline.await("a driver's socket: " + log("driver-" + ups), PATIENCE_S,
            () -> Files.exists(socket(ups)) || !driver.isAlive());
        if (!driver.isAlive())
        {
            throw new IOException("dummy-ups has ended: " + log("driver-" + ups));
        }
        if (server != null && server.isAlive())
        {
            awaitStatus(ups, "VAR ");
        }
    }

    /** kill -9: its clients' connections break. */
    public void killServer()
    {
        server.destroyForcibly().onExit().join();
    }

    /** The server goes silent, with its connections standing. */
    public void hangServer() throws IOException
    {
        signal("STOP", server);
    }

    public void resumeServer() throws IOException
    {
        signal("CONT", server);
    }

    public void startServer() throws IOException
    {
        server = run("upsd", SERVER.toString(), "-u", user(), "-F");
        for (final String ups : upses)
        {
            awaitStatus(ups, "VAR ");
        }
    }

    @Override
    public void close()
    {
        killAll();
        try
        {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        }
        catch (final IllegalStateException ex)
        {
            // The JVM ends, and runs it now.
        }
    }

    private void killAll()
    {
        drivers.values().forEach(driver -> driver.destroyForcibly().onExit().join());
        if (server != null)
        {
            killServer();
        }
    }

    private void launch(final String extra, final String scenario) throws IOException
    {
        try
        {
            configure(extra);
            for (final String ups : upses)
            {
                if (scenario.isEmpty())
                {
                    write(ups, "OL CHRG", 100, 1_200);
                }
                else
                {
                    Files.writeString(data(ups), scenario);
                }
                startDriver(ups);
            }
            startServer();
        }
        catch (final IOException | RuntimeException | AssertionError failed)
        {
            close();
            throw failed;
        }
    }

    private void configure(final String extra) throws IOException
    {
        Files.createDirectories(directory.resolve("state"));
        final StringBuilder text = new StringBuilder();
        for (final String ups : upses)
        {
            text.append("[").append(ups).append("]\ndriver = dummy-ups\npollinterval = 1\nport = ")
                .append(data(ups)).append("\ndesc = \"a test's\"\n");
        }
        Files.writeString(directory.resolve("ups.conf"), text);
        // a driver that says nothing for 2 s is stale
        Files.writeString(directory.resolve("upsd.conf"), "LISTEN 127.0.0.1 " + port + "\nMAXAGE 2\nSTATEPATH " +
            directory.resolve("state") + "\n" + extra);
        Files.writeString(directory.resolve("upsd.users"), "");
        for (final String file : List.of("upsd.conf", "upsd.users"))
        {
            Files.setPosixFilePermissions(directory.resolve(file),
                PosixFilePermissions.fromString("rw-------"));
        }
    }

    private void write(final String ups, final String status, final int charge, final int runtimeSeconds)
        throws IOException
    {
        final Path next = directory.resolve("next");
        Files.writeString(next, "ups.status: " + status + "\nbattery.charge: " + charge + "\nbattery.runtime: " +
            runtimeSeconds + "\nups.load: 30\n");
        fileSeconds = Math.max(fileSeconds + 1, System.currentTimeMillis() / 1_000);
        Files.setLastModifiedTime(next, FileTime.fromMillis(fileSeconds * 1_000));
        // whole or not at all: the driver reads when it likes
        Files.move(next, data(ups), StandardCopyOption.ATOMIC_MOVE);
    }

    private void awaitStatus(final String ups, final String answer)
    {
        awaitAnswer("GET VAR " + ups + " ups.status", answer);
    }

    private void awaitAnswer(final String question, final String answer)
    {
        Deadline.await(question + " is answered " + answer, PATIENCE_S, () -> ask(question).startsWith(answer));
    }

    /** An answer of one line; empty when there is none. */
    private String ask(final String question)
    {
        if (!server.isAlive())
        {
            throw new AssertionError("upsd has ended: " + log("upsd"));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port))
        {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
            final String line = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        }
        catch (final IOException ex)
        {
            return "";
        }
    }

    private Process run(final String name, final String... command) throws IOException
    {
        final ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
            .redirectErrorStream(true).redirectOutput(directory.resolve(name + ".log").toFile());
        builder.environment().put("NUT_CONFPATH", directory.toString());
        builder.environment().put("NUT_STATEPATH", directory.resolve("state").toString());
        builder.environment().put("NUT_ALTPIDPATH", directory.resolve("state").toString());
        return builder.start();
    }

    private String log(final String name)
    {
        try
        {
            return Files.readString(directory.resolve(name + ".log"));
        }
        catch (final IOException ex)
        {
            return ex.toString();
        }
    }

    private Path data(final String ups)
    {
        return directory.resolve(ups + suffix);
    }

    private Path socket(final String ups)
    {
        return directory.resolve("state").resolve("dummy-ups-" + ups);
    }

    private static void signal(final String signal, final Process process) throws IOException
    {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().onExit().join();
    }

    private static String user()
    {
        return System.getProperty("user.name");
    }

    private static Path ownDirectory(final Path parent) throws IOException
    {
        require(SERVER, "nut-server");
        require(DRIVER, "nut-server");
        return Files.createTempDirectory(parent, "nut");
    }

    /**
     * None that the system gives to those who connect: while the server is down its port would be somebody else's, or
     * that of a client which tries to connect to it and so meets itself.
     */
    private static int freePort()
    {
        final Random random = new Random();
        while (true)
        {
            final int port = LOWEST_PORT + random.nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress()))
            {
                return socket.getLocalPort();
            }
            catch (final IOException ex)
            {
                // Taken; there are others.
            }
        }
    }
}
