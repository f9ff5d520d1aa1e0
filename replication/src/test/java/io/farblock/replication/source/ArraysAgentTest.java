package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.BitmapStatus;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.blockdev.raid.SyncProgress;
import io.farblock.replication.TestStorage;
import io.farblock.replication.status.SourceStatus.ArrayChange;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to an array is on record with its time, though nobody asks for status. */
class ArraysAgentTest
{
    private static final Path DEVICE = Path.of("/dev/md0");
    private static final long BOOT_MS = 1_700_000_000_000L;

    @TempDir
    private Path directory;
    private final TestStorage storage = new TestStorage();
    private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(2);
    private long passedMs;

    @Test
    void shouldLookOnceASecond()
    {
        final SourceVolume volume = new SourceVolume(
            new SourceConfig.Volume("v", DEVICE, 65536), directory, storage);
        final ArraysAgent agent = new ArraysAgent(List.of(volume), new SourceRuntime(
            null, storage, null, () -> nowNs, () -> BOOT_MS + passedMs, ZoneOffset.UTC, () -> 0, bound -> 0));
        storage.arrays.put(DEVICE, mirror(0));
        step(agent, 1_500);
        storage.arrays.put(DEVICE, mirror(1));
        step(agent, 400);
        assertThat(volume.history().changes()).isEmpty();

        step(agent, 3_000);

        assertThat(volume.history().changes()).containsExactly(new ArrayChange(
            BOOT_MS + 2_000, "clean", "degraded", "degraded, 1 of 2 members missing, sdb failed"));
    }

    private void step(final ArraysAgent agent, final long forMs)
    {
        for (int i = 0; i < forMs; i += 100)
        {
            agent.doWork();
            nowNs += TimeUnit.MILLISECONDS.toNanos(100);
            passedMs += 100;
        }
    }

    private static MdArray mirror(final int degraded)
    {
        return new MdArray("md0", RaidLevel.RAID1, 0, 2, degraded, "clean", "idle",
            new SyncProgress(0, 0, 0, false), false, 0, "resync", new BitmapStatus("none", 0, 0), "", List.of(
                new ArrayMember("sda", 0, Set.of("in_sync"), 0, List.of()),
                new ArrayMember("sdb", 1, Set.of(degraded == 0 ? "in_sync" : "faulty"), 0, List.of())));
    }
}
