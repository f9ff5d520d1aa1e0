package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A line on which one block takes longer than a dead line is waited for. */
@Tag("slow")
@Timeout(300)
class SlowLineTest
{
    private static final int BYTES_PER_SECOND = 7_000;

    @TempDir
    private Path directory;

    @Test
    void shouldSealOverALineThatTakesTenSecondsForABlock() throws Exception
    {
        try (TwoDaemons daemons = new TwoDaemons(directory))
        {
            Images.random(daemons.image, 256 << 10, new Random(4));
            daemons.start();
            daemons.south.cut();
            daemons.limit(BYTES_PER_SECOND);

            daemons.sealed();

            assertThat(daemons.source.status().sources().get(0).paths().get(0).connections()).isEqualTo(1);
        }
    }
}
