package io.farblock.daemon.control;

import io.farblock.daemon.engine.FakeEngine;
import io.farblock.daemon.power.PowerStatus;
import java.nio.file.Path;
import org.agrona.concurrent.SystemNanoClock;

/** A control server over a fake engine, for tests of either end. Closed by the test. */
public final class ServerFixture implements AutoCloseable
{
    public final FakeEngine engine = new FakeEngine();
    public final Path path;
    public volatile PowerStatus power;
    private final ControlSocket socket;
    private final ControlServer server;

    public ServerFixture(final Path directory)
    {
        path = directory.resolve("c.sock");
        socket = ControlSocket.claim(path);
        server = new ControlServer(socket, engine, () -> new DaemonStatus(
            "alpha", "1", 7, 1_000_000_000L, false, engine.sources(), engine.target(), power),
            SystemNanoClock.INSTANCE);
        server.launch();
    }

    @Override
    public void close()
    {
        server.close();
        socket.close();
    }
}
