package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.farblock.blockdev.linux.Images;
import io.farblock.replication.TlsPair;
import io.farblock.replication.TwoSites;
import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand connections that say nothing, from the source's own address, while it replicates and comes back. */
@Timeout(120)
class CrowdTest
{
    private static final int CROWD = 10_000;
    /** Of the crowd's own: what a process may have open is limited on its side too, and both sides are one here. */
    private static final long HELD_OPEN = Math.min(CROWD, ManagementFactory.getPlatformMXBean(
        UnixOperatingSystemMXBean.class).getMaxFileDescriptorCount() / 2);

    @TempDir
    private Path directory;

    @Test
    void shouldReplicateAndReconnectThroughACrowdOfTheSameAddress() throws Exception
    {
        final TlsPair pair = new TlsPair();
        try (TwoSites sites = new TwoSites(directory, pair.ofAlpha(), pair.ofBeta()))
        {
            Images.mixed(sites.sourceImage, 8 << 20, new Random(5));
            sites.launchTarget();
            sites.launchSource();
            seal(sites);
            final String session = sites.source.status().session();
            final AtomicInteger begun = new AtomicInteger();
            final Thread crowd = new Thread(() -> gather(sites.targetConfig().listen().get(0), begun), "crowd");
            crowd.start();

            while (begun.get() < CROWD / 2)
            {
                seal(sites);
            }
            assertThat(sites.source.status().session()).as("nothing was cut").isEqualTo(session);
            assertThat(sites.source.status().paths()).allMatch(path -> path.state().equals("up"));
            sites.source.close();
            sites.launchSource();
            do
            {
                seal(sites);
            }
            while (crowd.isAlive());

            assertThat(sites.target.status().refusals().get("crowd")).isGreaterThan(HELD_OPEN / 2);
        }
    }

    private static void gather(final InetSocketAddress door, final AtomicInteger begun)
    {
        final Queue<SocketChannel> held = new ArrayDeque<>();
        try
        {
            while (begun.get() < CROWD)
            {
                held.add(SocketChannel.open(door));
                begun.incrementAndGet();
                if (held.size() > HELD_OPEN)
                {
                    held.remove().close();
                }
            }
            for (final SocketChannel channel : held)
            {
                channel.close();
            }
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("after " + begun + " connections", ex);
        }
    }

    private static void seal(final TwoSites sites) throws Exception
    {
        Images.change(sites.sourceImage, 3, 1000, new Random(System.nanoTime()));
        final EpochResult result = sites.source.epochNow(TwoSites.GROUP).get(30, TimeUnit.SECONDS);
        assertThat(result.sealed()).as(result.reason()).isTrue();
        assertThat(Images.mismatch(sites.sourceImage, sites.replicaImage)).isEqualTo(-1);
    }
}
