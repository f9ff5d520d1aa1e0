package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.boot.LinuxBoot;
import io.farblock.blockdev.bpf.BpfFileSystem;
import io.farblock.blockdev.bpf.BpfTracker;
import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.power.PowerEvent;
import io.farblock.daemon.power.PowerStatus;
import io.farblock.replication.LinuxStorage;
import io.farblock.replication.source.EarlyTracking;
import io.farblock.replication.source.EarlyTracking.Outcome;
import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power outages as scripts: two real daemons, a tracked loop device that is written to all the time, the simulator's
 * UPS behind its NUT server. Its time runs faster; the daemon's durations are divided by the same number.
 */
@Timeout(300)
class OutageTest
{
    private static final long SIZE_BYTES = 32L << 20;
    private static final int BLOCK = 64 << 10;
    private static final String OUTAGE = """
        [[event]]
        at = "20s"
        do = "cut"
        [[event]]
        at = "100s"
        do = "load"
        watts = 640
        [[event]]
        at = "130s"
        do = "silence"
        kind = "refuse"
        for = "30s"
        """;

    @TempDir
    private Path directory;
    private final TestBoot machine = new TestBoot();
    private RootTools root;
    private TwoDaemons daemons;
    private ServedUps ups;
    private Writer writer;
    private Path volume;

    @BeforeEach
    void tools() throws Exception
    {
        root = new RootTools();
        daemons = new TwoDaemons(directory);
        final Path file = directory.resolve("disk.img");
        Images.random(file, SIZE_BYTES, new Random(7));
        daemons.image = root.attach(file);
        daemons.tracking = "bpf";
        root.track(daemons.source.state());
        volume = daemons.source.state().resolve("source/beta/" + TwoDaemons.GROUP + "/disk").toAbsolutePath();
    }

    @AfterEach
    void stop() throws Exception
    {
        if (writer != null)
        {
            writer.end();
        }
        daemons.close();
        if (ups != null)
        {
            ups.close();
        }
        root.close();
    }

    @Test
    void shouldSealBeforeTheBatteryIsLowAndNeedNeitherAFullReadNorAnOperatorAfterwards() throws Exception
    {
        // low comes after the last event of the scenario, and not long after it
        start(10, """
            load = 320
            [ups.battery]
            volts = 24
            ampere-hours = 6
            [ups.generator]
            wait = "5s"
            start = "10s"
            fail-first = 1
            attempts = 1
            """);
        final long before = daemons.group().sealedEpoch();

        ups.play(OUTAGE);
        await("battery", "on-battery");
        await("lost contact", "on-battery", () -> "unknown".equals(power().upses().get(0).state()));
        await("contact again", "on-battery", () -> "on-battery".equals(power().upses().get(0).state()));
        final long sealed = daemons.group().sealedEpoch();
        Deadline.await("low", 60, () -> "low".equals(power().state()));
        Deadline.await("at rest", 30, () -> "resting".equals(power().phase()));

        assertThat(sealed - before).as("epochs before low").isGreaterThan(2);
        assertThat(kinds(power())).as(daemons.source.log()).containsSubsequence(
            "drain", "last-epochs", "closing", "resting");
        assertThat(power().phaseReason()).startsWith("standing down: low");
        assertThat(daemons.source.isAlive()).isTrue();
        // upsmon shuts the machine down: applications, the daemon, then the maps are saved; the kernel's go with it
        writer.end();
        daemons.source.terminate();
        assertThat(tracking().save()).containsExactly(new Outcome("vms/disk", true, null, "saved, clean"));
        powerUp();
        assertThat(daemons.group().sealedEpoch()).as("an epoch by itself").isGreaterThan(0);
        final EpochResult result = daemons.sealed();
        assertThat(daemons.group().volumes().get(0).boot().reason()).isEqualTo("saved map of a clean shutdown");
        assertThat(daemons.group().volumes().get(0).boot().bytes()).isLessThan(SIZE_BYTES / 4);
        assertThat(result.scannedBytes()).isLessThan(SIZE_BYTES / 4);
    }

    @Tag("slow")
    @Test
    void shouldGoOnByItselfWhenMainsIsBackBeforeAnybodyShutTheMachineDown() throws Exception
    {
        start(10, "load = 320\nlow-charge = 95\n");
        ups.play("[[event]]\nat = \"20s\"\ndo = \"cut\"\nfor = \"250s\"\n");
        Deadline.await("at rest", 60, () -> "resting".equals(power().phase()));
        assertThat(daemons.source.status().sources()).as("nothing is acknowledged").isEmpty();

        Deadline.await("running again", 60, () -> "running".equals(power().phase()));

        Deadline.await("an epoch by itself", 30, () -> daemons.source.status().sources().size() == 1 &&
            daemons.group().lastResult() != null && daemons.group().lastResult().sealed());
        assertThat(daemons.group().lastResult().scannedBytes()).as("no full read").isLessThan(SIZE_BYTES / 2);
        writer.end();
        daemons.sealed();
    }

    @Tag("slow")
    @Test
    void shouldDoNothingAtAllForGlitchesOfFourSeconds() throws Exception
    {
        start(2, "load = 320\n");
        Deadline.await("online", 60, () -> "online".equals(power().state()));
        final long sealed = daemons.group().sealedEpoch();

        ups.play("[[event]]\nat = \"16s\"\ndo = \"cut\"\nfor = \"4s\"\nevery = \"10s\"\ntimes = 4\n");
        for (int glitch = 0; glitch < 4; glitch++)
        {
            Deadline.await("a glitch that the UPS speaks of", 30,
                () -> power().upses().get(0).tokens().startsWith("OB"));
            Deadline.await("its end", 30, () -> power().upses().get(0).tokens().startsWith("OL"));
        }

        assertThat(daemons.group().sealedEpoch()).isEqualTo(sealed);
        assertThat(power().state()).isEqualTo("online");
        assertThat(kinds(power())).as(daemons.source.log()).containsOnly("ups", "state")
            .filteredOn("state"::equals).hasSizeLessThanOrEqualTo(3);
        assertThat(power().events()).noneMatch(event -> event.text().contains("on-battery"));
    }

    /** @param speed of the UPS's time; lines of its table follow. */
    private void start(final int speed, final String table) throws Exception
    {
        ups = new ServedUps(directory, speed, table);
        daemons.groupKeys = "interval = \"1h\"\nbattery_interval = \"" + Math.max(1, 30 / speed) + "s\"\n";
        daemons.moreOfSource = ups.daemonKeys() + "poll = \"" + 1_800 / speed + "ms\"\nstale_after = \"" +
            15_000 / speed + "ms\"\n[power]\ndebounce = \"" + 5_000 / speed + "ms\"\nresume_after = \"" +
            60_000 / speed + "ms\"\n";
        daemons.start();
        Deadline.await("the first copy", 60, () -> daemons.group().sealedEpoch() > 0);
        writer = new Writer(daemons.image);
        Deadline.await("mains", 60, () -> power() != null && "online".equals(power().state()));
    }

    /** The machine starts again: what the kernel knew is gone, nothing was written before tracking began. */
    private void powerUp() throws Exception
    {
        BpfTracker.forget(BpfFileSystem.at(BpfFileSystem.DEFAULT), volume.toString());
        machine.boot = new LinuxBoot().boot();
        tracking().attach();
        ups.play("[[event]]\nat = \"0s\"\ndo = \"restore\"\n");
        daemons.source.start();
        Deadline.await("an epoch", 60, () -> daemons.group().sealedEpoch() > 0 &&
            daemons.group().lastResult() != null);
    }

    private EarlyTracking tracking() throws Exception
    {
        return new EarlyTracking(
            ConfigFile.read(daemons.source.configFile()).sources().get(0), new LinuxStorage(machine));
    }

    private PowerStatus power()
    {
        return daemons.source.status().power();
    }

    private static List<String> kinds(final PowerStatus power)
    {
        return power.events().stream().map(PowerEvent::kind).toList();
    }

    private void await(final String what, final String state)
    {
        Deadline.await(what, 60, () -> state.equals(power().state()));
    }

    private void await(final String what, final String state, final BooleanSupplier condition)
    {
        Deadline.await(what, 60, () ->
        {
            assertThat(power().state()).as(what).isEqualTo(state);
            return condition.getAsBoolean();
        });
    }

    /** Writes a block now and then until it is ended; nothing outside of the first eighth. */
    private static final class Writer
    {
        private static final long PAUSE_NS = 20_000_000L;

        private final AtomicReference<IOException> failed = new AtomicReference<>();
        private final Thread thread;
        private volatile boolean ending;

        Writer(final Path device)
        {
            thread = new Thread(() -> run(device), "writer");
            thread.setDaemon(true);
            thread.start();
        }

        private void run(final Path device)
        {
            final Random random = new Random(3);
            final byte[] content = new byte[4096];
            try (FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE))
            {
                while (!ending)
                {
                    random.nextBytes(content);
                    channel.write(ByteBuffer.wrap(content), (20 + random.nextInt(40)) * (long)BLOCK);
                    channel.force(false);
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
            catch (final IOException ex)
            {
                failed.set(ex);
            }
        }

        void end() throws InterruptedException
        {
            ending = true;
            thread.join();
            assertThat(failed.get()).isNull();
        }
    }
}
