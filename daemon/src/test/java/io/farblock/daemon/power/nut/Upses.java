package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;

/** Configurations of UPSes for tests: asked often, and soon given up. Stateless. */
final class Upses
{
    private Upses()
    {
    }

    static UpsConfig at(final int port)
    {
        return at("127.0.0.1", port, Tls.OFF, null);
    }

    static UpsConfig at(final String host, final int port, final Tls tls, final Path authority)
    {
        return new UpsConfig("rack", host, port, "lab", 1, Duration.ofMillis(200), Duration.ofSeconds(2), tls,
            authority);
    }

    static UpsConfig named(final String name, final int port)
    {
        return new UpsConfig(name, "127.0.0.1", port, "lab", 1, Duration.ofMillis(200), Duration.ofSeconds(2), Tls.OFF,
            null);
    }

    static UpsConfig called(final String ups, final Tls tls)
    {
        return new UpsConfig("rack", "upsd.example", 3493, ups, 2, Duration.ofSeconds(2), Duration.ofSeconds(15), tls,
            null);
    }
}
