package io.farblock.blockdev.still;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.bpf.Cleanup;
import io.farblock.blockdev.linux.FileSystemHandle;
import io.farblock.blockdev.linux.LoopDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Freezing and thawing real file systems on loop devices. */
class FreezerTest
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @TempDir
    private Path directory;

    private final Cleanup cleanup = new Cleanup();
    private Freezer freezer;

    @BeforeEach
    void makeFreezer()
    {
        freezer = cleanup.add(new Freezer(directory, SystemNanoClock.INSTANCE));
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs"})
    void shouldHoldWritersUntilItThaws(final String type) throws Exception
    {
        final FreezableLoop loop = cleanup.add(FreezableLoop.create(type));
        freezer.settle(List.of(loop.device()));

        final Frozen frozen = freezer.freeze(List.of(loop.device()), LIMIT_NS);
        final Process write = loop.write();
        FreezableLoop.awaitBlocked(write);
        final boolean held = frozen.thaw();

        FreezableLoop.assertEnds(write);
        assertThat(held).isTrue();
        assertThat(frozen.thaw()).as("the same answer again").isTrue();
        assertThat(frozen.pauseNs()).isBetween(1L, LIMIT_NS);
        assertThat(frozen.fileSystems()).extracting("type").containsExactly(type);
        assertThat(Files.readString(marker())).as("nothing is armed").isEmpty();
    }

    @Test
    void shouldFreezeAgainAndAgainWithOneWatchdog() throws Exception
    {
        final FreezableLoop loop = cleanup.add(FreezableLoop.create("ext4"));

        for (int i = 0; i < 20; i++)
        {
            assertThat(freezer.freeze(List.of(loop.device()), LIMIT_NS).thaw()).isTrue();
        }

        loop.assertWritable();
        assertThat(directory.toFile().list()).hasSize(1);
    }

    @Test
    void shouldThawWhatItFrozeWhenAnotherCannotBeFrozen() throws Exception
    {
        final FreezableLoop other = cleanup.add(FreezableLoop.create("ext4"));
        final FreezableLoop good = cleanup.add(FreezableLoop.create("ext4"));
        final Freezer refused = cleanup.add(new Freezer(directory, List.of(), SystemNanoClock.INSTANCE,
            fileSystem -> fileSystem.mountPoint().equals(other.mountPoint().toString()) ?
                new RefusingHandle(Errno.EOPNOTSUPP) : fileSystem.open()));

        assertThatThrownBy(() -> refused.freeze(List.of(other.device(), good.device()), LIMIT_NS))
            .hasMessageContaining("cannot freeze the ext4 of " + other.device())
            .hasMessageContaining("EOPNOTSUPP").hasMessageContaining("use mode stop or snapshot");

        good.assertWritable();
        assertThat(good.byOthers("-u")).as("was frozen").isFalse();
        assertThat(Files.readString(marker())).isEmpty();
    }

    @Test
    void shouldNotThawWhatSomebodyElseHasFrozen() throws Exception
    {
        final FreezableLoop theirs = cleanup.add(FreezableLoop.create("ext4"));
        final FreezableLoop ours = cleanup.add(FreezableLoop.create("ext4"));
        assertThat(theirs.byOthers("-f")).isTrue();

        assertThatThrownBy(() -> freezer.freeze(List.of(ours.device(), theirs.device()), LIMIT_NS))
            .hasMessageContaining("EBUSY").hasMessageContaining("somebody else has frozen it already");

        ours.assertWritable();
        assertThat(theirs.byOthers("-u")).as("is still frozen by them").isTrue();
    }

    @Test
    void shouldSayThatSomebodyElseThawed() throws Exception
    {
        final FreezableLoop one = cleanup.add(FreezableLoop.create("ext4"));
        final FreezableLoop two = cleanup.add(FreezableLoop.create("ext4"));
        final Frozen frozen = freezer.freeze(List.of(one.device(), two.device()), LIMIT_NS);
        assertThat(one.byOthers("-u")).isTrue();

        final boolean held = frozen.thaw();

        assertThat(held).isFalse();
        two.assertWritable();
    }

    @Test
    void shouldFreezeNothingWhereNothingIsMounted() throws Exception
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(1 << 20));
        final Path image = Files.createFile(directory.resolve("plain.img"));

        final Frozen frozen = freezer.freeze(List.of(loop.device(), image), LIMIT_NS);

        assertThat(frozen.isEmpty()).isTrue();
        assertThat(frozen.thaw()).isTrue();
        assertThat(directory.toFile().list()).as("no watchdog is needed").containsExactly("plain.img");
    }

    /** The file system on the image writes into the other one while it is being frozen. */
    @Test
    void shouldFreezeAFileSystemBeforeTheOneThatHoldsItsImage() throws Exception
    {
        final FreezableLoop below = cleanup.add(FreezableLoop.on(LoopDevice.create(256 << 20), "ext4"));
        final Path image = below.mountPoint().resolve("image.img");
        LoopDevice.run(List.of("truncate", "-s", "32M", image.toString()));
        final FreezableLoop above = cleanup.add(FreezableLoop.on(LoopDevice.attach(image), "ext4"));
        Files.write(above.mountPoint().resolve("dirty"), new byte[1 << 20]);

        final Frozen frozen = freezer.freeze(List.of(below.device(), image), LIMIT_NS);
        final boolean held = frozen.thaw();

        assertThat(held).isTrue();
        assertThat(frozen.fileSystems()).extracting("mountPoint")
            .containsExactly(above.mountPoint().toString(), below.mountPoint().toString());
        above.assertWritable();
    }

    @Test
    void shouldRefuseToFreezeWhereItsWatchdogWrites() throws Exception
    {
        final FreezableLoop loop = cleanup.add(FreezableLoop.create("ext4"));
        final Freezer there =
            cleanup.add(new Freezer(loop.mountPoint().resolve("not/yet"), SystemNanoClock.INSTANCE));

        assertThatThrownBy(() -> there.freeze(List.of(loop.device()), LIMIT_NS))
            .hasMessageContaining("where the watchdog writes").hasMessageContaining("/run");

        loop.assertWritable();
    }

    @Test
    void shouldRefuseToFreezeWhereItsOwnerWrites() throws Exception
    {
        final FreezableLoop loop = cleanup.add(FreezableLoop.create("ext4"));
        final Freezer there = cleanup.add(new Freezer(
            directory, List.of(loop.mountPoint().resolve("lib/state")), SystemNanoClock.INSTANCE));

        assertThatThrownBy(() -> there.freeze(List.of(loop.device()), LIMIT_NS))
            .hasMessageContaining("it holds " + loop.mountPoint().resolve("lib/state"))
            .hasMessageContaining("where this daemon writes");

        loop.assertWritable();
    }

    @Test
    void shouldRefuseASecondFreezeUntilTheFirstIsOver() throws Exception
    {
        final FreezableLoop loop = cleanup.add(FreezableLoop.create("ext4"));
        final Frozen frozen = freezer.freeze(List.of(loop.device()), LIMIT_NS);

        assertThatThrownBy(() -> freezer.freeze(List.of(loop.device()), LIMIT_NS))
            .isInstanceOf(IllegalStateException.class);

        assertThat(frozen.thaw()).isTrue();
    }

    @Test
    void shouldThawWhenItIsClosed() throws Exception
    {
        final FreezableLoop loop = cleanup.add(FreezableLoop.create("ext4"));
        freezer.freeze(List.of(loop.device()), LIMIT_NS);

        freezer.close();

        loop.assertWritable();
        assertThat(directory.toFile().list()).as("the watchdog has cleaned up").isEmpty();
    }

    private Path marker() throws IOException
    {
        try (var files = Files.list(directory))
        {
            return files.findFirst().orElseThrow();
        }
    }

    /** A kernel that does not freeze. */
    private record RefusingHandle(int errno) implements FileSystemHandle
    {
        @Override
        public int sync()
        {
            return 0;
        }

        @Override
        public int freeze()
        {
            return -errno;
        }

        @Override
        public int thaw()
        {
            throw new AssertionError("never frozen");
        }

        @Override
        public void close()
        {
        }
    }
}
