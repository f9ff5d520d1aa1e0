package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that comes to rest outlives its source: whoever asks at the wrong moment must not wait for ever. */
@Timeout(60)
final class ClosedSourceTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldAnswerWhoAsksTooLate() throws Exception
    {
        final TwoSites sites = new TwoSites(directory);
        sites.launchSource();
        sites.close();

        final var epoch = sites.source.epochNow(TwoSites.GROUP).get(10, TimeUnit.SECONDS);
        final var verify = sites.source.verify(TwoSites.GROUP, false).get(10, TimeUnit.SECONDS);

        assertThat(epoch.sealed()).isFalse();
        assertThat(epoch.reason()).contains("is closed");
        assertThat(verify.reason()).contains("is closed");
    }
}
