package io.farblock.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.faults.Deadline;
import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One of two lines is lost in mid-epoch, again and again, in every way: how long it is felt is printed, the epoch
 * seals, both sides are equal, and no block was applied twice.
 */
@Timeout(600)
class LostLineTest
{
    private static final long SEED = 11;
    private static final int EPOCH_BYTES = 128 << 20;
    /** So much of an epoch has to be left for another loss in it. */
    private static final int REST_BYTES = EPOCH_BYTES / 6;
    private static final int NEAR_US = 2_500;
    private static final int FAR_US = 40_000;
    private static final int PROBE_MS = 5;
    private static final int LONGEST_SECONDS = 20;
    private static final double PAYLOAD_SHARE = 1448.0 / 1514;
    /** Holds on a busy machine too. */
    private static final double LIMIT_MS = 6_000;
    private static final double TOLD_GOAL_MS = 100;
    private static final double SILENT_GOAL_MS = 200;

    @TempDir
    private Path directory;
    private final Random random = new Random(SEED);
    private final Map<LineFault, List<Recovery>> seen = new EnumMap<>(LineFault.class);
    private ProxiedSites lines;
    private ProgressProbe probe;

    @Test
    void shouldGoOnOverTheOtherLine() throws Exception
    {
        loseLines(1, NEAR_US, NEAR_US);

        seen.forEach((fault, recoveries) ->
            assertThat(Milliseconds.longest(after(recoveries))).as("ms after " + fault).isLessThan(LIMIT_MS));
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({NEAR_US + "," + NEAR_US, FAR_US + "," + FAR_US, NEAR_US + "," + FAR_US})
    void shouldHardlyFeelIt(final int delayUs, final int otherDelayUs) throws Exception
    {
        loseLines(Integer.parseInt("0" + System.getProperty("rounds", "")) > 0 ?
            Integer.getInteger("rounds") : 20, delayUs, otherDelayUs);

        final double rttMs = 2 * Math.max(delayUs, otherDelayUs) / 1e3;
        final double silentGoalMs = Math.max(SILENT_GOAL_MS, 3 * rttMs);
        // What the other line brings of its own, literally the goodput on it.
        seen.forEach((fault, recoveries) ->
            assertThat(Milliseconds.median(goodputAfter(recoveries))).as("ms until goodput after " + fault)
                .isLessThan(fault.isTold() ? TOLD_GOAL_MS : silentGoalMs));
        // In order: word of the loss and what is sent again for it travel for a round trip, behind what the other line
        // has in its window, and a fast line's window takes longer on a slow one.
        seen.forEach((fault, recoveries) ->
            assertThat(Milliseconds.median(after(recoveries))).as("ms after " + fault)
                .isLessThan(2.5 * rttMs + (fault.isTold() ? TOLD_GOAL_MS : silentGoalMs)));
    }

    /** @param times for each way to lose a line. */
    private void loseLines(final int times, final int... delaysUs) throws Exception
    {
        try (ProxiedSites made = new ProxiedSites(directory, EPOCH_BYTES, random, delaysUs, 100, 50);
            ProgressProbe probing = new ProgressProbe(made.lab, made.sites.target, PROBE_MS))
        {
            lines = made;
            probe = probing;
            final List<LineFault> faults = new ArrayList<>();
            for (int i = 0; i < times; i++)
            {
                faults.addAll(List.of(LineFault.values()));
            }
            lines.logged(() -> epochs(faults));
        }
        System.out.println("lost probe interval " + Milliseconds.histogram(probe.intervalsMs()));
        seen.forEach((fault, recoveries) -> System.out.println(
            "lost by=" + fault + " delays_us=" + Arrays.toString(delaysUs) + " n=" + recoveries.size() +
            " goodput " + Milliseconds.histogram(goodputAfter(recoveries)) +
            " recovered " + Milliseconds.histogram(after(recoveries)) +
            " standstill " + Milliseconds.histogram(recoveries.stream().map(Recovery::standstillMs).toList())));
    }

    private void epochs(final List<LineFault> faults) throws Exception
    {
        epoch(faults);
        while (!faults.isEmpty())
        {
            Images.random(lines.sites.image, EPOCH_BYTES, random);
            epoch(faults);
        }
    }

    /** An epoch with some of the faults, which are taken from the list. */
    private void epoch(final List<LineFault> faults) throws Exception
    {
        final long before = probe.last().inOrder();
        final CompletableFuture<EpochResult> asked = lines.sites.source.epoch(LabSites.GROUP);
        while (!faults.isEmpty() && probe.last().inOrder() - before < EPOCH_BYTES - REST_BYTES)
        {
            if (lose(faults.get(0), random.nextInt(lines.lab.lines()), asked))
            {
                faults.remove(0);
            }
        }
        lines.sites.sealed(asked);
        assertThat(lines.sites.appliedBytes() - before).as("bytes applied, each once").isEqualTo(EPOCH_BYTES);
    }

    /** Loses a line and brings it back; returns whether there was enough of the epoch to see what came of it. */
    private boolean lose(final LineFault fault, final int line, final CompletableFuture<EpochResult> asked)
        throws IOException
    {
        // Before a line is lost, all of them have to carry.
        if (await("full rate", System.nanoTime(), -1, asked) == null)
        {
            return false;
        }
        final long lossNs = fault.inflict(lines.lab, lines.proxy, line);
        final Recovery recovery = await("recovery from " + fault + " of line " + line, lossNs, line, asked);
        fault.mend(lines.lab, lines.proxy, line);
        if (recovery != null)
        {
            seen.computeIfAbsent(fault, any -> new ArrayList<>()).add(recovery);
            System.out.printf(Locale.ROOT, "lost line=%d by=%s goodput_ms=%.0f recovered_ms=%.0f standstill_ms=%.0f%n",
                line, fault, recovery.goodputMs(), recovery.afterMs(), recovery.standstillMs());
        }
        return recovery != null;
    }

    /** Waits until all lines but one carry what they can; null when the epoch was over before that was seen. */
    private Recovery await(
        final String what, final long sinceNs, final int lost, final CompletableFuture<EpochResult> asked)
    {
        final double lostRate = lost < 0 ? 0 : lines.lab.bytesPerSecond(lost);
        final double others = (lines.lab.bytesPerSecond() - lostRate) * PAYLOAD_SHARE;
        Deadline.await(what, LONGEST_SECONDS, () ->
            asked.isDone() || Recovery.find(probe.samples(), sinceNs, lost, others) != null);
        return asked.isDone() ? null : Recovery.find(probe.samples(), sinceNs, lost, others);
    }

    private static List<Double> goodputAfter(final List<Recovery> recoveries)
    {
        return recoveries.stream().map(Recovery::goodputMs).toList();
    }

    private static List<Double> after(final List<Recovery> recoveries)
    {
        return recoveries.stream().map(Recovery::afterMs).toList();
    }
}
