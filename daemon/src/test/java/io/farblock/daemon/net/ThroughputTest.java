package io.farblock.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.net.ProgressProbe.Sample;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lines add up: what the target receives of an epoch, each frame counted once, in the steady middle, beside the rates
 * of the lines, which count headers too, and beside what plain TCP carries over the same lines.
 */
@Timeout(300)
class ThroughputTest
{
    /** Holds on a busy machine too. */
    private static final double SHARE = 0.85;
    /** What it should be of the lines, and of what TCP can make of them. */
    private static final double GOAL = 0.95;
    private static final double GOAL_OF_PAYLOAD = 0.98;
    private static final int SHORT_SECONDS = 4;
    /** It is measured in two seconds, of which a machine that stands still for a moment may take too much. */
    private static final int SHORT_RUNS = 4;
    private static final int LONG_SECONDS = 15;
    private static final int NEAR_US = 2_500;
    private static final int FAR_US = 40_000;
    private static final long RAMP_NS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path directory;

    @Test
    void shouldAddUpThreeLinesNearAndFar() throws Exception
    {
        try (NetLab lab = new NetLab(NetLab.ORDINARY_MTU, 100, 50, 30))
        {
            double best = 0;
            for (int run = 0; run < SHORT_RUNS && best <= SHARE; run++)
            {
                best = Math.max(best, delayed(lab, SHORT_SECONDS, NEAR_US, FAR_US, NEAR_US));
            }
            assertThat(best).isGreaterThan(SHARE);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {NetLab.ORDINARY_MTU, NetLab.JUMBO_MTU})
    void shouldHardlyWasteAnythingOfTwoLines(final int mtu) throws Exception
    {
        try (NetLab lab = new NetLab(mtu, 100, 50))
        {
            assertThat(direct(lab, LONG_SECONDS)).isGreaterThan(goal(mtu));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {NetLab.ORDINARY_MTU, NetLab.JUMBO_MTU})
    void shouldHardlyWasteAnythingOfThreeLines(final int mtu) throws Exception
    {
        try (NetLab lab = new NetLab(mtu, 100, 50, 30))
        {
            assertThat(direct(lab, LONG_SECONDS)).isGreaterThan(goal(mtu));
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {NetLab.ORDINARY_MTU, NetLab.JUMBO_MTU})
    void shouldHardlyWasteAnythingOfANearAndAFarLine(final int mtu) throws Exception
    {
        try (NetLab lab = new NetLab(mtu, 100, 50))
        {
            assertThat(delayed(lab, LONG_SECONDS, NEAR_US, FAR_US)).isGreaterThan(goal(mtu));
        }
    }

    private double direct(final NetLab lab, final int seconds) throws Exception
    {
        return measure("direct", lab, LabSites.listening(lab), seconds);
    }

    /** @param delaysUs of each line, each way. */
    private double delayed(final NetLab lab, final int seconds, final int... delaysUs) throws Exception
    {
        try (PathProxySession proxy = new PathProxySession(lab))
        {
            proxy.awaitReady(delaysUs);
            return measure("delayed " + Arrays.toString(delaysUs) + " us each way", lab, proxy.addresses(), seconds);
        }
    }

    /** What reaches the target of what the lines carry together, as a share. */
    private double measure(
        final String what, final NetLab lab, final List<InetSocketAddress> remotes, final int seconds)
        throws Exception
    {
        final double plain = PlainStreams.bytesPerSecond(lab, remotes, LabSites.listening(lab));
        try (LabSites sites = new LabSites(lab, Files.createTempDirectory(directory, "run")))
        {
            Images.random(sites.image, (long)(lab.bytesPerSecond() * seconds) >> 20 << 20, new Random(5));
            sites.launch(lab, remotes);
            sites.awaitAllUp();
            final List<Sample> samples;
            try (ProgressProbe probe = new ProgressProbe(lab, sites.target, 20))
            {
                sites.sealed(sites.source.epoch(LabSites.GROUP));
                samples = steadyMiddle(probe.samples());
            }
            final double goodput = rate(samples, Sample::unique);
            System.out.printf(Locale.ROOT, "throughput %s lines=%s Mbit/s mtu=%d plain=%.1f goodput=%.1f " +
                "in_order=%.1f of_lines=%.3f of_plain=%.3f%n", what, lab.rates(), lab.mtu(), mbits(plain),
                mbits(goodput), mbits(rate(samples, Sample::inOrder)), goodput / lab.bytesPerSecond(),
                goodput / plain);
            return goodput / lab.bytesPerSecond();
        }
    }

    /** From one second after the first block until one before the last. */
    private static List<Sample> steadyMiddle(final List<Sample> samples)
    {
        final long total = samples.get(samples.size() - 1).inOrder();
        final long beginNs = samples.stream().filter(sample -> sample.inOrder() > 0).findFirst().orElseThrow().ns();
        final long endNs = samples.stream().filter(sample -> sample.inOrder() == total).findFirst().orElseThrow().ns();
        return samples.stream()
            .filter(sample -> sample.ns() >= beginNs + RAMP_NS && sample.ns() <= endNs - RAMP_NS).toList();
    }

    /** Bytes a second. */
    private static double rate(final List<Sample> samples, final ToLongFunction<Sample> bytes)
    {
        final Sample first = samples.get(0);
        final Sample last = samples.get(samples.size() - 1);
        return (bytes.applyAsLong(last) - bytes.applyAsLong(first)) * 1e9 / (last.ns() - first.ns());
    }

    /** Ethernet, IP and TCP with time stamps take their share of each packet. */
    private static double goal(final int mtu)
    {
        return Math.min(GOAL, GOAL_OF_PAYLOAD * (mtu - 52) / (mtu + 14));
    }

    private static double mbits(final double bytesPerSecond)
    {
        return bytesPerSecond * 8 / 1e6;
    }
}
