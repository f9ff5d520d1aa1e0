package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.VerifyResult;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that is known, and says what cannot be. */
final class LyingTargetTest
{
    @TempDir
    private Path directory;
    private OneVolume sites;

    @BeforeEach
    void make()
    {
        sites = new OneVolume(directory);
    }

    @AfterEach
    void drop()
    {
        sites.source.drop();
    }

    @Test
    void shouldNotBelieveAnEpochAfterWhichThereIsNone() throws Exception
    {
        for (final long claimed : new long[]{Long.MAX_VALUE, Long.MAX_VALUE / 2 + 1, -1})
        {
            sites.target.answers(() -> ScriptedTarget.holds(claimed, sites.root()));

            final EpochResult refused = epoch();

            assertThat(refused.sealed()).isFalse();
            assertThat(refused.reason()).contains("epoch " + claimed, "expected");
        }
        sites.target.answers(() -> ScriptedTarget.holds(41, sites.root()));

        final CompletableFuture<EpochResult> next = sites.source.epochNow(OneVolume.GROUP);
        sites.stepUntil(() -> sites.group().phase().equals("apply"));
        sites.target.answers(() -> ScriptedTarget.holds(42, sites.root()));
        sites.target.restart();
        sites.stepUntil(next::isDone);

        assertThat(next.get().epoch()).isEqualTo(42);
    }

    @Test
    void shouldNotShowDamageWhereNothingWasLookedAt() throws Exception
    {
        for (final long block : new long[]{16, -1, Long.MAX_VALUE})
        {
            sites.target.damaged(3, block);

            final CompletableFuture<VerifyResult> asked = sites.source.verify(OneVolume.GROUP, false);
            sites.stepUntil(asked::isDone);

            assertThat(asked.get().reason()).contains("block " + block, "expected 0 to 15");
            assertThat(asked.get().damaged()).containsExactly("volume v offset 196608 length 65536");
        }
    }

    private EpochResult epoch() throws Exception
    {
        final CompletableFuture<EpochResult> asked = sites.source.epochNow(OneVolume.GROUP);
        sites.stepUntil(asked::isDone);
        return asked.get();
    }
}
