package io.farblock.daemon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.faults.Deadline;
import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power goes while an array is written to and replicated: what was not flushed is gone, on the array and in the
 * daemon's own state. The first epoch afterwards makes the replica what the array is then, also where the replica had
 * got what the array has lost. {@code -Drounds=N} cuts for each level, 5 normally;
 * {@code -Dseed=N} repeats the moments.
 */
@Tag("vm")
@Timeout(3600)
class PowerCutTest
{
    private static final long ARRAY_BYTES = 64 << 20;
    private static final int EPOCHS_UNDER_LOAD = 2;
    private static final int LATEST_CUT_MS = 3000;

    @TempDir
    private Path directory;
    private ArraySites sites;
    private Random random;

    @AfterEach
    void close() throws IOException
    {
        if (sites != null)
        {
            sites.close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.farblock.daemon.vm.MdLevel#asked")
    void shouldLoseNothing(final MdLevel level) throws Exception
    {
        final int rounds = Integer.parseInt(VmTools.property("rounds", "5"));
        final long seed = Long.parseLong(VmTools.property("seed", Integer.toString(new Random().nextInt(1_000_000))));
        random = new Random(seed);
        sites = new ArraySites(directory, level, ARRAY_BYTES);
        sites.start("--bitmap=internal --bitmap-chunk=64K");
        sites.source.start();
        sites.source.sealed();
        for (int round = 1; round <= rounds; round++)
        {
            final String what = level + " round " + round + " with -Dseed=" + seed;
            final long beganNs = System.nanoTime();
            final GuestLoad load = (round + level.ordinal()) % 2 == 0 ? GuestLoad.RAW : GuestLoad.EXT4;
            load.prepare(sites.vm);
            sites.source.sealed();

            final int epochs = cutInMidWrite(load);
            final EpochResult first = startAgain();

            sites.array.awaitSynced();
            sites.assertSame(what + ", after the first epoch");
            final String mismatches = check();
            load.recover(sites.vm);
            sites.source.sealed();
            sites.assertSame(what + ", after recovery");
            System.out.printf("vm cut level=%s round=%d load=%s epochs=%d scanned=%d changed=%d size=%d " +
                "mismatch_cnt=%s seconds=%d%n", level, round, load, epochs, first.scannedBytes(),
                first.changedBytes(), sites.sizeBytes(), mismatches, (System.nanoTime() - beganNs) / 1_000_000_000);
            assertThat(mismatches).as(what).isEqualTo("0");
        }
    }

    /** @return how many epochs were sealed before, while the load ran. */
    private int cutInMidWrite(final GuestLoad load) throws IOException
    {
        load.start(sites.vm, sites.array.sizeBytes());
        for (int i = 0; i < EPOCHS_UNDER_LOAD; i++)
        {
            sites.source.sealed();
        }
        final long before = sites.replicaStatus().sealedEpoch();
        final CompletableFuture<EpochResult> last = sites.source.epoch();
        Deadline.pass(random.nextInt(LATEST_CUT_MS));
        sites.vm.cut();
        // its connection goes with the guest
        last.handle((result, failure) -> result).join();
        return EPOCHS_UNDER_LOAD + (int)(sites.replicaStatus().sealedEpoch() - before);
    }

    private EpochResult startAgain() throws IOException
    {
        sites.vm.boot();
        sites.array.assemble("");
        sites.source.mountState();
        sites.source.start();
        return sites.source.sealed();
    }

    /** @return what md's own check counts. */
    private String check() throws IOException
    {
        sites.array.set("sync_action", "check");
        sites.array.awaitSynced();
        return sites.array.attribute("mismatch_cnt");
    }
}
