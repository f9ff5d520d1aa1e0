package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.status.EpochResult;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The target dies between seal and apply. What it says after its restart is waited for, shown, and ends the job. */
final class RestartedTargetTest
{
    @TempDir
    private Path directory;
    private OneVolume sites;
    private CompletableFuture<EpochResult> job;

    @BeforeEach
    void sealAndRestart() throws Exception
    {
        sites = new OneVolume(directory);
        job = sites.source.epochNow(OneVolume.GROUP);
        sites.stepUntil(() -> sites.group().phase().equals("apply"));
        sites.target.restart();
    }

    @AfterEach
    void drop()
    {
        sites.source.drop();
    }

    @Test
    void shouldAskLessAndLessOftenWhileItIsNotReadyAndShowWhatItWaitsFor() throws Exception
    {
        final int before = sites.target.questions();
        sites.target.answers(() -> ScriptedTarget.refuses("the replica waits: reading what the device holds", true));

        sites.step(TimeUnit.SECONDS.toNanos(20));

        assertThat(sites.group().phase()).isEqualTo("apply");
        assertThat(sites.group().reason()).isEqualTo("the replica waits: reading what the device holds");
        assertThat(sites.target.questions() - before).isBetween(6, 10);
        sites.target.answers(() -> ScriptedTarget.holds(1, new byte[32]));
        sites.stepUntil(job::isDone);
        assertThat(job.get().sealed()).isTrue();
        assertThat(job.get().reason()).isEmpty();
    }

    @Test
    void shouldEndAsSealedWithTheReasonThatNeedsAnOperator() throws Exception
    {
        sites.target.answers(() -> ScriptedTarget.refuses("the replica has failed", false));

        sites.stepUntil(job::isDone);

        assertThat(job.get().sealed()).isTrue();
        assertThat(job.get().epoch()).isEqualTo(1);
        assertThat(job.get().reason()).isEqualTo("the replica has failed");
    }

    @Test
    void shouldSayThatItHasLessThanWasSealed() throws Exception
    {
        sites.target.answers(() -> ScriptedTarget.holds(0, new byte[32]));

        sites.stepUntil(job::isDone);

        assertThat(job.get().reason()).contains("has applied epoch 0", "epoch 1 was sealed");
    }
}
