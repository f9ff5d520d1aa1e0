package io.farblock.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.faults.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lines are lost and come back at random, sometimes all at once, and now and then one falls behind the others, while
 * one epoch after the other is sent: each seals by itself, and both sides are equal after it. The seed is printed;
 * {@code -Drounds=N} sets how many losses.
 */
@Timeout(900)
class FlappingLinesTest
{
    private static final int IMAGE_BYTES = 32 << 20;
    private static final int CHANGES = 30;
    private static final int LARGEST_CHANGE_BYTES = 1 << 20;
    private static final int[] DELAYS_US = {2_500, 2_500, 2_500};
    private static final int LONGEST_PAUSE_MS = 80;

    @TempDir
    private Path directory;

    @Test
    void shouldStayEqualWhileTwoLinesFlap() throws Exception
    {
        flap(50, 100, 50);
    }

    @Tag("slow")
    @Test
    void shouldStayEqualWhileThreeLinesFlapForLong() throws Exception
    {
        flap(1000, 100, 50, 30);
    }

    private void flap(final int usually, final int... mbits) throws Exception
    {
        final String given = System.getProperty("rounds", "");
        final int times = given.isEmpty() ? usually : Integer.parseInt(given);
        final long seed = System.nanoTime();
        System.out.println("flap times=" + times + " lines=" + mbits.length + " seed=" + seed);
        final Random random = new Random(seed);
        final int[] delaysUs = Arrays.copyOf(DELAYS_US, mbits.length);
        try (ProxiedSites lines = new ProxiedSites(directory, IMAGE_BYTES, random, delaysUs, mbits))
        {
            lines.logged(() -> flap(lines, times, random));
        }
    }

    private static void flap(final ProxiedSites lines, final int times, final Random random) throws Exception
    {
        final Random moments = new Random(random.nextLong());
        final CompletableFuture<Void> flapping = CompletableFuture.runAsync(() -> lose(lines, times, moments));
        int epochs = 0;
        do
        {
            lines.sites.sealed();
            epochs++;
            Images.change(lines.sites.image, CHANGES, LARGEST_CHANGE_BYTES, random);
        }
        while (!flapping.isDone());
        flapping.join();
        lines.sites.sealed();

        System.out.println("flap times=" + times + " epochs=" + (epochs + 1) + " " + lines.sites.lines());
        lines.sites.awaitAllUp();
        assertThat(lines.sites.target().refusedFrames()).as(lines.sites.target().lastRefusal()).isZero();
    }

    /** So many losses, each of a line that is there; in the end all are there. */
    private static void lose(final ProxiedSites lines, final int times, final Random random)
    {
        final LineFault[] lost = new LineFault[lines.lab.lines()];
        try
        {
            for (int losses = 0; losses < times;)
            {
                final int line = random.nextInt(lost.length);
                if (lost[line] == null)
                {
                    lost[line] = LineFault.values()[random.nextInt(LineFault.values().length)];
                    lost[line].inflict(lines.lab, lines.proxy, line);
                    losses++;
                }
                else
                {
                    lost[line].mend(lines.lab, lines.proxy, line);
                    lost[line] = null;
                }
                lines.proxy.hold(random.nextInt(lost.length), random.nextInt(LONGEST_PAUSE_MS));
                Deadline.pass(random.nextInt(LONGEST_PAUSE_MS));
            }
            for (int line = 0; line < lost.length; line++)
            {
                if (lost[line] != null)
                {
                    lost[line].mend(lines.lab, lines.proxy, line);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new CompletionException(ex);
        }
    }
}
