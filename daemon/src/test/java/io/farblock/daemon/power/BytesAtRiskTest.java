package io.farblock.daemon.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.powersim.ups.BatterySpec;
import io.farblock.powersim.ups.Communication;
import io.farblock.powersim.ups.SimUps;
import io.farblock.powersim.ups.UpsSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Energy to data: what of the writes is not on the other side when the battery is dead, with the policy and without
 * it, over outages that a seed makes. The agents are the real ones, the battery is the simulator's; replication is
 * virtual, and so is time. Both sides of a comparison have the same seed: the same writes, lines, battery and moment.
 */
class BytesAtRiskTest
{
    private static final int OUTAGES = 100;
    private static final long SECOND = VirtualSite.SECOND;
    private static final long TICK_NS = SECOND / 2;
    private static final long FIRST_SEED = 1_000;

    /** What ends the writing. */
    private enum End
    {
        /** Nobody shuts the machine down: it is written to until its battery is dead. */
        BATTERY,
        /** upsmon shuts it down when the battery is low: applications stop one after the other, then the rest. */
        SHUTDOWN
    }

    private record Outcome(long seed, double bytes, double seconds, int epochs, boolean stoodDown)
    {
    }

    @Test
    void shouldLoseATenthAtMostWhereUpsmonShutsTheMachineDown()
    {
        compare("upsmon shuts down, default policy", End.SHUTDOWN, new TestPolicy(), 0.1);
    }

    @Test
    void shouldLoseATenthAtMostWhereItIsWrittenToUntilTheBatteryIsDead()
    {
        final TestPolicy toTheEnd = new TestPolicy();
        toTheEnd.actions.put(PowerState.LOW, Set.of(PowerAction.DRAIN, PowerAction.SHORTEN));
        toTheEnd.reserve = Duration.ZERO;
        toTheEnd.batteryInterval = Duration.ofSeconds(15);

        compare("nobody shuts down, policy for that", End.BATTERY, toTheEnd, 0.1);
    }

    /** What the default is not made for: it leaves the end of the battery to a shutdown, and here there is none. */
    @Tag("slow")
    @Test
    void shouldStillLoseMuchLessWhenNobodyShutsDownAsTheDefaultExpects()
    {
        compare("nobody shuts down, default policy", End.BATTERY, new TestPolicy(), 0.7);
    }

    private static void compare(final String name, final End end, final TestPolicy made, final double most)
    {
        final TestPolicy none = new TestPolicy();
        none.actions.clear();
        final List<Outcome> without = new ArrayList<>();
        final List<Outcome> with = new ArrayList<>();

        for (long seed = FIRST_SEED; seed < FIRST_SEED + OUTAGES; seed++)
        {
            without.add(new Outage(seed, end).run(none.policy()));
            with.add(new Outage(seed, end).run(made.policy()));
        }

        final double share = sum(with) / sum(without);
        final String text = String.format(Locale.ROOT, "%s: %d outages, seeds from %d: %.1f MB an outage without, " +
            "%.1f MB with, %.1f %% less; batteries of %.0f to %.0f s; better in %d, equal in %d", name,
            OUTAGES, FIRST_SEED, sum(without) / OUTAGES / 1e6, sum(with) / OUTAGES / 1e6, 100 * (1 - share),
            with.stream().mapToDouble(Outcome::seconds).min().orElseThrow(),
            with.stream().mapToDouble(Outcome::seconds).max().orElseThrow(),
            count(with, without, -1), count(with, without, 0));
        System.out.println(text);
        assertThat(share).as(text).isLessThanOrEqualTo(most);
    }

    private static double sum(final List<Outcome> outcomes)
    {
        return outcomes.stream().mapToDouble(Outcome::bytes).sum();
    }

    private static long count(final List<Outcome> with, final List<Outcome> without, final int sign)
    {
        long count = 0;
        for (int i = 0; i < with.size(); i++)
        {
            count += Double.compare(with.get(i).bytes(), without.get(i).bytes()) == sign ? 1 : 0;
        }
        return count;
    }

    /** One site, one UPS, one outage to the end of the battery; all chance is the seed's. */
    private static final class Outage
    {
        private final long seed;
        private final End end;
        private final Random random;
        private final VirtualSite site = new VirtualSite();
        private final SimUps ups;
        private final long beganNs;

        Outage(final long seed, final End end)
        {
            this.seed = seed;
            this.end = end;
            this.random = new Random(seed);
            final int groups = 1 + random.nextInt(4);
            double writes = 0;
            for (int i = 0; i < groups; i++)
            {
                final String name = "g" + i;
                final VirtualEngine.Group group = site.add(name, new PoweredGroup(name, i % 2 == 0 ? "beta" : "gamma",
                    new PowerPolicy.OfGroup(i, null, Map.of())), Duration.ofSeconds(60 + random.nextInt(14 * 60 + 1)));
                group.writesPerSecond = 1e5 + random.nextDouble() * 4e6;
                writes += group.writesPerSecond;
            }
            // from a line that just keeps up to a fast one
            site.engine.rate("beta", writes * (2 + random.nextInt(20)));
            site.engine.rate("gamma", writes * (2 + random.nextInt(20)));
            ups = new SimUps(UpsSpec.builder("cellar").load(200 + random.nextInt(300))
                .battery(BatterySpec.typical().aged(random.nextDouble() * 5), 100).seed(seed).conclude(), 0);
            beganNs = site.nowNs;
        }

        Outcome run(final PowerPolicy policy)
        {
            final long cutNs = (2 * 60 + random.nextInt(15 * 60)) * SECOND;
            final long doubledNs = cutNs + (30 + random.nextInt(200)) * SECOND;
            final long silentNs = cutNs + (30 + random.nextInt(200)) * SECOND;
            final long[] stops = random.longs(4, 5, 30).map(seconds -> seconds * SECOND).toArray();
            site.open(policy, new SimFeed(ups, beganNs));
            advanceTo(cutNs);
            ups.cutMains();
            long lowNs = -1;
            boolean doubled = false;
            while (ups.isOutputOn())
            {
                tick();
                if (!doubled && ups.nowNs() >= doubledNs)
                {
                    doubled = true;
                    ups.load(Math.min(850, 2 * ups.loadWatts()));
                }
                final boolean silent = ups.nowNs() >= silentNs && ups.nowNs() < silentNs + 30 * SECOND;
                ups.communicate(silent ? Communication.REFUSE : Communication.GOOD);
                final boolean asks = lowNs < 0 && ups.nowNs() % (2 * SECOND) == 0;
                lowNs = asks && ups.status().contains("LB") ? ups.nowNs() : lowNs;
                if (end == End.SHUTDOWN && lowNs >= 0)
                {
                    shutDown(ups.nowNs() - lowNs, stops);
                }
            }
            return new Outcome(seed, site.engine.waiting(), (ups.nowNs() - cutNs) / (double)SECOND,
                site.engine.sealed.size(), site.done.contains("rest"));
        }

        /** Applications stop some seconds after low, each at its own moment; the daemon last. */
        private void shutDown(final long forNs, final long[] stops)
        {
            int i = 0;
            for (final VirtualEngine.Group group : site.engine.groups.values())
            {
                if (forNs >= stops[i++])
                {
                    group.writesPerSecond = 0;
                }
            }
            if (forNs >= 40 * SECOND && site.engine.open)
            {
                site.engine.close();
            }
        }

        private void advanceTo(final long endNs)
        {
            while (ups.nowNs() < endNs)
            {
                tick();
            }
        }

        private void tick()
        {
            ups.advanceTo(ups.nowNs() + TICK_NS);
            site.nowNs = beganNs + ups.nowNs();
            site.engine.advanceTo(site.nowNs);
            site.agent.doWork();
            site.schedule.doWork();
        }
    }
}
