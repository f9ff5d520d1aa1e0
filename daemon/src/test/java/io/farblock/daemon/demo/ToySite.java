package io.farblock.daemon.demo;

import io.farblock.daemon.Daemon;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.config.DaemonConfig;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.SystemNanoClock;

/** A daemon as the demo starts it, over {@link ToyEngine} instead of replication. A process's main class. */
public final class ToySite
{
    private ToySite()
    {
    }

    public static void main(final String[] args) throws Exception
    {
        final DaemonConfig config = ConfigFile.read(Path.of(args[2]));
        final Daemon daemon = new Daemon(config, ToyEngine::new, SystemNanoClock.INSTANCE);
        daemon.launch();
        Runtime.getRuntime().addShutdownHook(new Thread(daemon::close));
        new CountDownLatch(1).await();
    }
}
