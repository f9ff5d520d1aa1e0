package io.farblock.powersim.ups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every UPS and everything that happens to it; each seed is another of both. */
class UpsLawsTest
{
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final int STEPS = 300;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldGiveNoMoreThanItHolds(final long seed)
    {
        final Random random = new Random(seed);
        final UpsSpec spec = spec(random).conclude();
        final SimUps ups = new SimUps(spec, 0);
        final double held = ups.truth().storedJoules();

        ups.cutMains();
        while (ups.isOutputOn())
        {
            ups.load(random.nextDouble() * spec.nominalWatts());
            ups.advanceTo(ups.nowNs() + (long)(random.nextDouble() * 120 * SECOND));
        }

        assertThat(ups.deliveredJoules()).as("seed " + seed).isPositive()
            .isLessThanOrEqualTo(held * spec.efficiency() * (1 + 1e-9));
        assertThat(ups.truth().storedJoules()).as("seed " + seed).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldLastLessThanHalfAsLongAtTwiceTheLoad(final long seed)
    {
        final BatterySpec battery = spec(new Random(seed)).conclude().battery();
        final double ratedWatts = battery.capacityJoules() / battery.ratedHours() / 3600;

        for (double watts = ratedWatts; watts < 200 * ratedWatts; watts *= 1.7)
        {
            final double once = battery.capacityJoules() / battery.drainWatts(watts);
            final double twice = battery.capacityJoules() / battery.drainWatts(2 * watts);
            assertThat(twice).as("seed " + seed + ", " + watts + " W").isLessThan(once / 2);
            assertThat(once / twice).isCloseTo(Math.pow(2, battery.peukert()), within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldKeepItsChargeBetweenEmptyAndFull(final long seed)
    {
        final Random random = new Random(seed);
        final SimUps ups = new SimUps(spec(random).generator(generator(random)).conclude(), 0);

        for (int i = 0; i < STEPS; i++)
        {
            final String done = disturb(ups, random.nextInt(12), random.nextDouble());
            ups.advanceTo(ups.nowNs() + (long)(random.nextDouble() * 300 * SECOND));

            final String where = "seed " + seed + ", step " + i + ", " + done + ": " + ups.variables();
            assertThat(ups.truth().chargePercent()).as(where).isBetween(0.0, 100.0);
            assertThat(Integer.parseInt(ups.variables().get("battery.charge"))).as(where).isBetween(0, 100);
            assertThat(ups.truth().secondsLeft()).as(where).isNotNegative();
            assertThat(ups.status()).as(where).matches("(FSD )?(OL|OB)( [A-Z]+)*");
            assertThat(ups.isOutputOn()).as(where).isNotEqualTo(ups.status().contains("OFF"));
            assertThat(ups.nextNs()).as(where).isGreaterThan(ups.nowNs());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldNotCareHowOftenItIsLookedAt(final long seed)
    {
        final Random random = new Random(seed);
        final UpsSpec spec = spec(random).generator(generator(random)).conclude();
        final SimUps coarse = new SimUps(spec, 0);
        final SimUps fine = new SimUps(spec, 0);

        for (int i = 0; i < STEPS; i++)
        {
            final int what = random.nextInt(12);
            final double size = random.nextDouble();
            disturb(coarse, what, size);
            disturb(fine, what, size);
            final long nextNs = coarse.nowNs() + (long)(random.nextDouble() * 100 * SECOND);
            coarse.advanceTo(nextNs);
            while (fine.nowNs() < nextNs)
            {
                fine.advanceTo(Math.min(nextNs, fine.nowNs() + 1 + (long)(random.nextDouble() * 20 * SECOND)));
            }

            assertThat(fine.variables()).as("seed " + seed + ", step " + i).isEqualTo(coarse.variables());
            assertThat(fine.truth()).as("seed " + seed + ", step " + i).isEqualTo(coarse.truth());
            assertThat(fine.outputLosses()).isEqualTo(coarse.outputLosses());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldKnowWhenTheOutputWillDrop(final long seed)
    {
        final Random random = new Random(seed);
        final SimUps ups = new SimUps(spec(random).conclude(), 0);
        ups.cutMains();
        ups.advanceTo(SECOND);

        final double seconds = ups.truth().secondsLeft();
        ups.advanceTo(SECOND + (long)((seconds - 0.001) * SECOND));
        final boolean isOnBefore = ups.isOutputOn();
        ups.advanceTo(ups.nowNs() + 2 * MS);

        assertThat(isOnBefore).as("seed " + seed).isTrue();
        assertThat(ups.isOutputOn()).as("seed " + seed).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldTakeNoMoreThanTheChargerGives(final long seed)
    {
        final Random random = new Random(seed);
        final UpsSpec spec = spec(random).returning(0, 0).conclude();
        final SimUps ups = new SimUps(spec, 0);

        for (int i = 0; i < STEPS; i++)
        {
            ups.cutMains();
            ups.advanceTo(ups.nowNs() + (long)(random.nextDouble() * 2 * SECOND));
            ups.restoreMains();
            final double before = ups.truth().storedJoules();
            final double seconds = random.nextDouble() * (i % 10 == 0 ? 40_000 : 2);
            ups.advanceTo(ups.nowNs() + (long)(seconds * SECOND));

            assertThat(ups.truth().storedJoules() - before).as("seed " + seed + ", step " + i)
                .isBetween(-1e-6, seconds * spec.battery().chargerWatts() + 1e-3);
        }
    }

    /** A hundred percent of a capacity may be a hair more than it. */
    @Test
    void shouldHoldWhatItHoldsWhenItIsFullWhateverItsCapacity()
    {
        final Random random = new Random(17);

        for (int i = 0; i < 1_000; i++)
        {
            final SimUps ups = new SimUps(UpsSpec.builder("u")
                .battery(BatterySpec.typical().aged(random.nextDouble() * 5), 100).conclude(), 0);
            ups.advanceTo(600 * SECOND);

            assertThat(ups.truth().storedJoules()).as("seed 17, battery " + i)
                .isCloseTo(ups.truth().capacityJoules(), within(1e-3));
        }
    }

    private static String disturb(final SimUps ups, final int what, final double size)
    {
        switch (what)
        {
            case 0, 1, 2 -> ups.cutMains();
            case 3, 4, 5 -> ups.restoreMains();
            case 6 -> ups.load(size * ups.spec().nominalWatts() * 1.4);
            case 7 -> ups.mains(size * 300);
            case 8 -> ups.age(size * 12);
            case 9 -> ups.temperature(size * 60 - 15);
            case 10 -> ups.calibrate(size < 0.7);
            default -> ups.bypass(size < 0.2);
        }
        return "did " + what + " " + size;
    }

    private static GeneratorSpec generator(final Random random)
    {
        return new GeneratorSpec(random.nextInt(30) * SECOND, random.nextInt(30) * SECOND, random.nextInt(3),
            random.nextDouble(), random.nextInt(60) * SECOND, 1 + random.nextInt(4), random.nextInt(3600) * SECOND);
    }

    private static UpsSpec.Builder spec(final Random random)
    {
        final BatterySpec battery = new BatterySpec(12 * (1 + random.nextInt(8)), 5 + random.nextInt(40),
            5 + random.nextInt(20), 1.05 + random.nextDouble() / 3, random.nextDouble() * 6, 5,
            random.nextDouble() * 40, 20 + random.nextInt(300), 60 + random.nextInt(35));
        return UpsSpec.builder("u").nominal(300 + random.nextInt(2000)).load(50 + random.nextInt(250))
            .losses(random.nextInt(40), 0.8 + random.nextDouble() / 5)
            .transfer(random.nextInt(20) * MS, 20 * MS)
            .returning(random.nextInt(10) * SECOND, random.nextInt(20) * SECOND)
            .battery(battery, 20 + random.nextInt(81)).seed(random.nextLong());
    }
}
