package io.farblock.daemon.faults;

import io.farblock.daemon.demo.LoopbackPort;
import io.farblock.powersim.config.UpsFile;
import io.farblock.powersim.serve.UpsServer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A simulated UPS behind the simulator's own NUT server, whose time runs faster than ours. On mains at first; a
 * scenario begins when the server is started again with it, as upsd is when its configuration has changed. One thread.
 */
final class ServedUps implements AutoCloseable
{
    private final Path directory;
    private final double speed;
    private final int port;
    private final String ups;
    private UpsServer server;

    /** @param ups lines of its table. */
    ServedUps(final Path directory, final double speed, final String ups) throws Exception
    {
        this.directory = directory;
        this.speed = speed;
        this.ups = ups;
        try (ServerSocket free = LoopbackPort.anyFree())
        {
            port = free.getLocalPort();
        }
        serve("");
    }

    /** Lets this happen, counted from now in the UPS's own time. */
    void play(final String scenario) throws Exception
    {
        server.close();
        Files.writeString(directory.resolve("scenario.toml"), scenario);
        serve("scenario = \"scenario.toml\"\n");
    }

    private void serve(final String more) throws Exception
    {
        final Path file = Files.writeString(directory.resolve("ups.toml"), "[server]\nlisten = \"127.0.0.1:" + port +
            "\"\nspeed = " + speed + "\n" + more + "[[ups]]\nname = \"cellar\"\n" + ups);
        server = UpsServer.start(UpsFile.read(file), directory.resolve("ups.sock"), SystemNanoClock.INSTANCE,
            trouble -> { });
    }

    /** The daemon's lines for it; durations are of its own clock, so the test divides them by the speed. */
    String daemonKeys()
    {
        return "[[ups]]\nname = \"cellar\"\nups = \"cellar\"\nserver = \"127.0.0.1:" + port + "\"\n";
    }

    @Override
    public void close()
    {
        server.close();
    }
}
