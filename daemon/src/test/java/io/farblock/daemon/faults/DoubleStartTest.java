package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A second daemon on the control socket or the state directory of a running one. */
@Timeout(120)
class DoubleStartTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldNameWhatIsTakenAndLeaveTheFirstAlone() throws Exception
    {
        try (TwoDaemons daemons = new TwoDaemons(directory);
            DaemonProcess twin = new DaemonProcess("twin", directory);
            DaemonProcess squatter = new DaemonProcess("squatter", directory))
        {
            Images.mixed(daemons.image, 4 << 20, new Random(2));
            daemons.start();
            final String config = daemons.targetConfig();

            Files.writeString(twin.configFile(), config);
            final int sameSocket = twin.startAndEnd();
            Files.writeString(squatter.configFile(),
                config.replace(daemons.target.socket().toString(), squatter.socket().toString()));
            final int sameState = squatter.startAndEnd();

            assertThat(sameSocket).isEqualTo(3);
            assertThat(twin.log()).contains("cannot start: control socket " + daemons.target.socket(),
                "another farblock daemon is running on it");
            assertThat(sameState).isEqualTo(1);
            assertThat(squatter.log()).contains("cannot start: state directory " + daemons.target.state(),
                "is in use by another process");
            assertThat(squatter.socket()).doesNotExist();
            daemons.sealed();
        }
    }
}
