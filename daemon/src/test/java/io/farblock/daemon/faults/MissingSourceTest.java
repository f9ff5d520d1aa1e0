package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The source's device is not there, comes, goes, and comes back. */
@Timeout(120)
class MissingSourceTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldNameTheDeviceAndGoOnWhenItIsThere() throws Exception
    {
        try (TwoDaemons daemons = new TwoDaemons(directory))
        {
            daemons.start();

            final EpochResult missing = daemons.epoch();

            assertThat(missing.sealed()).isFalse();
            assertThat(missing.reason()).contains("volume disk", daemons.image.toString(), "no such file");
            assertThat(daemons.group().volumes().get(0).error()).contains(daemons.image.toString());
            assertThat(daemons.group().phase()).isEqualTo("idle");
            Images.mixed(daemons.image, 4 << 20, new Random(5));
            daemons.sealed();
            assertThat(daemons.group().volumes().get(0).error()).isEmpty();
            Files.move(daemons.image, directory.resolve("away.img"));
            assertThat(daemons.epoch().sealed()).isFalse();
            Files.move(directory.resolve("away.img"), daemons.image);
            daemons.sealed();
        }
    }
}
