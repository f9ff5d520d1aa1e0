package io.farblock.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.farblock.daemon.net.ProgressProbe.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** When a loss counts as overcome: the measure itself, on made-up samples of every 5 ms. */
class RecoveryTest
{
    private static final int LOSS_MS = 500;
    /** What the other line carries. */
    private static final double OTHERS = 1_000_000;
    private static final int PER_MS = 1_000;

    @Test
    void shouldBeFeltForAsLongAsNothingGoesOn()
    {
        final List<Sample> samples = samples(ms -> inOrder(ms, 150), ms -> (long)ms * PER_MS);

        final Recovery recovery = Recovery.find(samples, LOSS_MS * 1_000_000L, 0, OTHERS);

        assertThat(recovery.afterMs()).isCloseTo(150, within(5.0));
        assertThat(recovery.standstillMs()).isCloseTo(150, within(5.0));
    }

    @Test
    void shouldTellWhatWaitsForTheMissingFromWhatDoesNotComeAtAll()
    {
        final List<Sample> samples =
            samples(ms -> inOrder(ms, 150), ms -> inOrder(ms, 80), ms -> (long)ms * PER_MS);

        final Recovery recovery = Recovery.find(samples, LOSS_MS * 1_000_000L, 0, OTHERS);

        assertThat(recovery.goodputMs()).isCloseTo(80, within(5.0));
        assertThat(recovery.afterMs()).isCloseTo(150, within(5.0));
    }

    @Test
    void shouldNotTakeWhatWasThereAlreadyForGoodput()
    {
        final List<Sample> samples = samples(
            ms -> (long)ms * PER_MS, ms -> Math.min(ms, LOSS_MS) * (long)PER_MS, ms -> (long)ms * PER_MS);

        assertThat(Recovery.find(samples, LOSS_MS * 1_000_000L, 0, OTHERS)).isNull();
    }

    @Test
    void shouldNotBeFeltWhereAllGoesOn()
    {
        final List<Sample> samples = samples(ms -> (long)ms * PER_MS, ms -> (long)ms * PER_MS);

        assertThat(Recovery.find(samples, LOSS_MS * 1_000_000L, 0, OTHERS).afterMs()).isLessThan(5);
    }

    @Test
    void shouldNotTakeACrawlForProgress()
    {
        final List<Sample> samples = samples(ms -> (long)ms * PER_MS / (ms < LOSS_MS ? 1 : 2), ms -> (long)ms * PER_MS);

        assertThat(Recovery.find(samples, LOSS_MS * 1_000_000L, 0, OTHERS)).isNull();
    }

    @Test
    void shouldNotTakeWhatWasQueuedForTheOtherLinesWork()
    {
        final List<Sample> samples = samples(ms -> (long)ms * PER_MS, ms -> Math.min(ms, LOSS_MS) * (long)PER_MS);

        assertThat(Recovery.find(samples, LOSS_MS * 1_000_000L, 0, OTHERS)).isNull();
    }

    /** Stands still from the loss for so long; then what waited comes at once. */
    private static long inOrder(final int ms, final int standstillMs)
    {
        return (long)(ms >= LOSS_MS && ms < LOSS_MS + standstillMs ? LOSS_MS : ms) * PER_MS;
    }

    private static List<Sample> samples(final IntToLongFunction inOrder, final IntToLongFunction arrived)
    {
        return samples(inOrder, inOrder, arrived);
    }

    private static List<Sample> samples(
        final IntToLongFunction inOrder, final IntToLongFunction unique, final IntToLongFunction arrived)
    {
        final List<Sample> samples = new ArrayList<>();
        for (int ms = 0; ms < 1_500; ms += 5)
        {
            final long[] lines = {0, arrived.applyAsLong(ms)};
            samples.add(new Sample(
                ms * 1_000_000L, unique.applyAsLong(ms), inOrder.applyAsLong(ms), lines));
        }
        return samples;
    }
}
