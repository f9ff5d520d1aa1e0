package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica that must not be written: too small, mounted, in use, or full of somebody else's data. */
@Timeout(120)
class RefusedReplicaTest
{
    private static final int IMAGE_BYTES = 8 << 20;

    @TempDir
    private Path directory;
    private RootTools root;
    private TwoDaemons daemons;

    @BeforeEach
    void makeImage() throws Exception
    {
        root = new RootTools();
        daemons = new TwoDaemons(directory);
        Images.mixed(daemons.image, IMAGE_BYTES, new Random(3));
    }

    @AfterEach
    void clear() throws Exception
    {
        daemons.close();
        root.close();
    }

    @Test
    void shouldRefuseATargetThatIsTooSmall() throws Exception
    {
        Images.sparse(daemons.replica, IMAGE_BYTES / 2);
        daemons.start();

        final EpochResult refused = daemons.epoch();

        assertThat(refused.sealed()).isFalse();
        assertThat(refused.reason()).contains(daemons.replica.toString(), String.valueOf(IMAGE_BYTES),
            String.valueOf(IMAGE_BYTES / 2), "give the replica a device at least as large");
        Files.delete(daemons.replica);
        daemons.sealed();
    }

    @Test
    void shouldRefuseADeviceThatIsMounted() throws Exception
    {
        final Path file = directory.resolve("disk.img");
        Images.sparse(file, 2 * IMAGE_BYTES);
        daemons.replica = root.attach(file);
        final Path mounted = root.mount(daemons.replica, directory.resolve("mounted"));
        final byte[] precious = Files.write(mounted.resolve("precious"), new byte[]{1, 2, 3}).toString().getBytes();
        daemons.start();

        final EpochResult refused = daemons.epoch();

        assertThat(refused.sealed()).isFalse();
        assertThat(refused.reason()).contains(daemons.replica.toString(), "mounted", mounted.toString());
        assertThat(Files.readAllBytes(mounted.resolve("precious"))).containsExactly(1, 2, 3);
        assertThat(precious).isNotEmpty();
        assertThat(daemons.target.isAlive()).isTrue();
        RootTools.run("umount", mounted.toString());
        final EpochResult foreign = daemons.epoch();
        RootTools.run("mount", daemons.replica.toString(), mounted.toString());
        assertThat(foreign.reason()).as("a file system is still on it").contains("holds data");
    }

    @Test
    void shouldRefuseAFileThatALoopDeviceUses() throws Exception
    {
        Images.sparse(daemons.replica, IMAGE_BYTES);
        final Path loop = root.attach(daemons.replica);
        daemons.start();

        final EpochResult refused = daemons.epoch();

        assertThat(refused.sealed()).isFalse();
        assertThat(refused.reason()).contains(daemons.replica.toString(), loop.toString(), "detach it");
        root.close();
        daemons.sealed();
    }

    @Test
    void shouldRefuseForeignDataUntilItsIdIsGiven() throws Exception
    {
        Images.mixed(daemons.replica, IMAGE_BYTES, new Random(99));
        final byte[] foreign = Files.readAllBytes(daemons.replica);
        daemons.start();

        final EpochResult refused = daemons.epoch();

        assertThat(refused.sealed()).isFalse();
        assertThat(refused.reason()).contains(daemons.replica.toString(), "holds data");
        assertThat(Files.readAllBytes(daemons.replica)).isEqualTo(foreign);
        final Matcher id = Pattern.compile("expected overwrite = \"(\\w+)\"").matcher(refused.reason());
        assertThat(id.find()).isTrue();
        daemons.overwrite = "0123456789ab";
        daemons.target.kill();
        daemons.startTarget();
        assertThat(daemons.epoch().reason()).contains("found overwrite = \"0123456789ab\"");
        daemons.overwrite = id.group(1);
        daemons.target.kill();
        daemons.startTarget();
        daemons.sealed();
    }
}
