package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application that the operator's commands stop for the cut: it is started again whatever happens. */
@Timeout(300)
class StoppedApplicationTest
{
    private static final long SIZE_BYTES = 32L << 20;

    @TempDir
    private Path directory;
    private TwoDaemons daemons;
    private Path calls;
    private final Random random = new Random(11);

    @BeforeEach
    void prepare() throws IOException
    {
        daemons = new TwoDaemons(directory);
        calls = directory.resolve("calls");
        Images.random(daemons.image, SIZE_BYTES, random);
        hooks("echo $FARBLOCK_PHASE $FARBLOCK_GROUP $FARBLOCK_EPOCH >> " + calls);
    }

    @AfterEach
    void stop() throws IOException
    {
        daemons.close();
    }

    @Test
    void shouldCutWhileItIsStopped() throws Exception
    {
        daemons.start();

        final EpochResult result = daemons.sealed();

        assertThat(result.consistency()).isEqualTo("app");
        assertThat(result.pauseNs()).isPositive();
        assertThat(daemons.replicaStatus().consistency()).isEqualTo("app");
        assertThat(calls).hasContent("before vms 1\nafter vms 1\n");
    }

    @Test
    void shouldStartItAgainAfterItWasKilledInBetween() throws Exception
    {
        daemons.start();
        daemons.limit(1 << 20);
        daemons.epochBegun();
        daemons.awaitWireBytes(1 << 20);
        assertThat(calls).hasContent("before vms 1\n");

        daemons.source.kill();
        daemons.source.start();

        Deadline.await("the application goes on", 10, () -> Files.readString(calls).endsWith("after vms 0\n"));
        daemons.limit(0);
        assertThat(daemons.sealed().consistency()).isEqualTo("app");
        assertThat(Files.readString(calls)).endsWith("before vms 1\nafter vms 1\n");
    }

    @Test
    void shouldStartItAgainWhenTheTargetRefuses() throws Exception
    {
        Images.random(daemons.replica, SIZE_BYTES / 2, random);
        daemons.start();

        final EpochResult result = daemons.epoch();

        assertThat(result.sealed()).isFalse();
        assertThat(Files.exists(calls) ? Files.readString(calls) : "").doesNotEndWith("before vms 1\n");
    }

    @Test
    void shouldNotSealWhatItCouldNotStopFor() throws Exception
    {
        hooks("echo $FARBLOCK_PHASE >> " + calls +
            "; [ $FARBLOCK_PHASE = after ] || { echo no such unit >&2; exit 3; }");
        daemons.start();

        final EpochResult result = daemons.epoch();

        assertThat(result.sealed()).isFalse();
        assertThat(result.reason()).contains("before").contains("no such unit");
        assertThat(calls).hasContent("before\nafter\n");
    }

    @Test
    void shouldSayThatItCouldNotBeStartedAndTryAgain() throws Exception
    {
        final Path broken = Files.createFile(directory.resolve("broken"));
        hooks("echo $FARBLOCK_PHASE >> " + calls + "; [ $FARBLOCK_PHASE = before ] || ! [ -e " + broken + " ]");
        daemons.start();

        final EpochResult result = daemons.epoch();
        assertThat(result.sealed()).isTrue();
        assertThat(result.reason()).contains("the application may be stopped");
        Files.delete(broken);
        final CompletableFuture<EpochResult> next = daemons.epochBegun();

        assertThat(next.get().reason()).isEmpty();
        assertThat(Files.readString(calls)).endsWith("before\nafter\n");
    }

    private void hooks(final String script)
    {
        daemons.groupKeys = "consistency = \"stop\"\nbefore = [\"/bin/sh\", \"-c\", '''" + script + "''']\n" +
            "after = [\"/bin/sh\", \"-c\", '''" + script + "''']\n";
    }
}
