package io.farblock.powersim.ups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One UPS through one thing at a time. */
class SimUpsTest
{
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long MINUTE = 60 * SECOND;

    @Test
    void shouldCarryTheLoadUntilTheBatteryIsEmpty()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        assertThat(ups.status()).isEqualTo("OL");
        ups.cutMains();
        ups.advanceTo(SECOND);
        final double seconds = ups.truth().secondsLeft();
        assertThat(ups.status()).isEqualTo("OB DISCHRG");

        ups.advanceTo(SECOND + (long)((seconds - 0.1) * SECOND));

        assertThat(ups.isOutputOn()).isTrue();
        assertThat(ups.status()).isEqualTo("OB DISCHRG LB");
        assertThat(seconds).isBetween(20 * 60.0, 45 * 60.0);
        ups.advanceTo(SECOND + (long)((seconds + 0.1) * SECOND));
        assertThat(ups.isOutputOn()).isFalse();
        assertThat(ups.status()).isEqualTo("OB OFF LB");
        assertThat(ups.truth().secondsLeft()).isZero();
        assertThat(ups.outputLosses()).isEqualTo(1);
    }

    @Test
    void shouldComeBackWithTheMainsAndCharge()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        ups.cutMains();
        ups.advanceTo(120 * MINUTE);

        ups.restoreMains();
        ups.advanceTo(120 * MINUTE + 5 * SECOND);
        final boolean wasOnTooSoon = ups.isOutputOn();
        ups.advanceTo(121 * MINUTE);

        assertThat(wasOnTooSoon).isFalse();
        assertThat(ups.isOutputOn()).isTrue();
        assertThat(ups.status()).isEqualTo("OL CHRG LB");
        ups.advanceTo(24 * 60 * MINUTE);
        assertThat(ups.status()).isEqualTo("OL");
        assertThat(ups.truth().chargePercent()).isEqualTo(100);
    }

    @Test
    void shouldBridgeATransferThatIsShorterThanTheHoldUpTime()
    {
        final SimUps ups = ups(UpsSpec.builder("u").transfer(10 * MS, 16 * MS));

        ups.cutMains();
        ups.advanceTo(9 * MS);
        final String during = ups.status();
        final boolean wasOn = ups.isOutputOn();
        ups.advanceTo(SECOND);

        assertThat(during).isEqualTo("OB DISCHRG");
        assertThat(wasOn).isTrue();
        assertThat(ups.isOutputOn()).isTrue();
        assertThat(ups.outputLosses()).isZero();
    }

    @Test
    void shouldLoseTheLoadInATransferThatIsLonger()
    {
        final SimUps ups = ups(UpsSpec.builder("u").transfer(20 * MS, 16 * MS));

        ups.cutMains();
        ups.advanceTo(17 * MS);
        final boolean wasOn = ups.isOutputOn();
        ups.advanceTo(SECOND);

        assertThat(wasOn).isFalse();
        assertThat(ups.isOutputOn()).isTrue();
        assertThat(ups.outputLosses()).isEqualTo(1);
    }

    @Test
    void shouldBoostAndTrimAndTakeOverBeyond()
    {
        final SimUps ups = ups(UpsSpec.builder("u").returning(0, 0));

        assertThat(List.of(230.0, 190.0, 260.0, 150.0, 300.0, 230.0)).extracting((volts) ->
        {
            ups.mains(volts);
            ups.advanceTo(ups.nowNs() + MS * 100);
            return ups.status().replaceAll(" (DIS)?CHRG", "");
        }).containsExactly("OL", "OL BOOST", "OL TRIM", "OB", "OB", "OL");
    }

    @Test
    void shouldWaitForALineThatFlaps()
    {
        final SimUps ups = ups(UpsSpec.builder("u").returning(5 * SECOND, SECOND));
        ups.cutMains();

        for (int i = 1; i <= 10; i++)
        {
            ups.advanceTo(i * 4 * SECOND);
            ups.mains(i % 2 == 0 ? 0 : 230);

            assertThat(ups.isOnBattery()).as("after " + i * 4 + " s").isTrue();
        }
        ups.restoreMains();
        ups.advanceTo(46 * SECOND);
        assertThat(ups.isOnBattery()).isFalse();
    }

    @Test
    void shouldBeFedByAGeneratorThatStartsAtTheSecondTime()
    {
        final SimUps ups = ups(UpsSpec.builder("u")
            .generator(new GeneratorSpec(5 * SECOND, 10 * SECOND, 1, 0, 20 * SECOND, 3, 60 * MINUTE)));

        ups.cutMains();
        ups.advanceTo(44 * SECOND);
        final String before = ups.variables().get("experimental.generator.state");
        ups.advanceTo(47 * SECOND);

        assertThat(before).isEqualTo("starting");
        assertThat(ups.status()).isEqualTo("OL CHRG");
        assertThat(ups.variables()).containsEntry("input.source", "generator");
        ups.advanceTo(62 * MINUTE);
        assertThat(ups.status()).startsWith("OB");
        assertThat(ups.variables()).containsEntry("experimental.generator.state", "empty");
        ups.restoreMains();
        ups.advanceTo(63 * MINUTE);
        assertThat(ups.variables()).containsEntry("input.source", "mains");
    }

    @Test
    void shouldGiveUpAGeneratorThatNeverStarts()
    {
        final SimUps ups = ups(UpsSpec.builder("u").load(50)
            .generator(new GeneratorSpec(0, 10 * SECOND, 0, 1, 20 * SECOND, 3, 60 * MINUTE)));

        ups.cutMains();
        ups.advanceTo(10 * MINUTE);

        assertThat(ups.variables()).containsEntry("experimental.generator.state", "given-up");
        assertThat(ups.status()).isEqualTo("OB DISCHRG");
    }

    @Test
    void shouldShowWhatItIsToldAndKnowWhatIsSo()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        ups.lie(Gauge.CHARGE, new Lie(Lie.Kind.CLIFF, 15));
        ups.lie(Gauge.RUNTIME, new Lie(Lie.Kind.FACTOR, 3));
        ups.cutMains();
        ups.advanceTo(SECOND);
        final double all = ups.truth().secondsLeft();

        ups.advanceTo((long)(all * 0.8 * SECOND));

        assertThat(ups.variables()).containsEntry("battery.charge", "100");
        assertThat(ups.truth().chargePercent()).isCloseTo(20, within(1.0));
        assertThat(Double.parseDouble(ups.variables().get("battery.runtime")))
            .isCloseTo(3 * ups.truth().secondsLeft(), within(1.0));
        assertThat(ups.status()).isEqualTo("OB DISCHRG");
        ups.advanceTo((long)(all * 0.9 * SECOND));
        assertThat(ups.variables()).containsEntry("battery.charge", "10");
        assertThat(ups.status()).isEqualTo("OB DISCHRG LB");
    }

    @Test
    void shouldDropTheLoadWithoutAWarningWhenItsGaugesAreStuck()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        ups.lie(Gauge.CHARGE, new Lie(Lie.Kind.STUCK, 97));
        ups.lie(Gauge.RUNTIME, new Lie(Lie.Kind.STUCK, 1800));
        ups.cutMains();

        while (ups.isOutputOn())
        {
            assertThat(ups.status()).isEqualTo("OB DISCHRG");
            ups.advanceTo(ups.nowNs() + SECOND);
        }

        assertThat(ups.variables()).containsEntry("battery.charge", "97");
        assertThat(ups.truth().storedJoules()).isZero();
    }

    @Test
    void shouldAskForANewBatteryWhenToldAndWhenItIsWorn()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        final double whenNew = ups.truth().secondsLeft();

        ups.replaceBattery(true);
        final String told = ups.status();
        ups.replaceBattery(false);
        ups.age(8);

        assertThat(told).isEqualTo("OL RB");
        assertThat(ups.status()).isEqualTo("OL RB");
        assertThat(ups.truth().secondsLeft()).isLessThan(whenNew / 2);
        ups.age(0);
        assertThat(ups.status()).isEqualTo("OL");
    }

    @Test
    void shouldHoldLessInTheCold()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        final double warm = ups.truth().secondsLeft();

        ups.temperature(-10);

        assertThat(ups.truth().secondsLeft()).isBetween(warm * 0.5, warm * 0.8);
        assertThat(ups.truth().chargePercent()).isCloseTo(100, within(0.001));
    }

    @Test
    void shouldDropWhatIsTooHeavyForTheInverter()
    {
        final SimUps ups = ups(UpsSpec.builder("u").nominal(500).overload(110, 3 * SECOND));
        ups.load(600);
        ups.advanceTo(MINUTE);
        final String onLine = ups.status();

        ups.cutMains();
        ups.advanceTo(MINUTE + 2 * SECOND);
        final boolean wasOn = ups.isOutputOn();
        ups.advanceTo(MINUTE + 4 * SECOND);

        assertThat(onLine).isEqualTo("OL OVER");
        assertThat(wasOn).isTrue();
        assertThat(ups.isOutputOn()).isFalse();
    }

    @Test
    void shouldHaveNothingToOfferInBypass()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        ups.bypass(true);
        final String before = ups.status();

        ups.cutMains();

        assertThat(before).isEqualTo("OL BYPASS");
        assertThat(ups.isOutputOn()).isFalse();
        assertThat(ups.outputLosses()).isEqualTo(1);
    }

    @Test
    void shouldDrawItselfDownToCalibrate()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));

        ups.calibrate(true);
        ups.advanceTo(MINUTE);
        final String during = ups.status();
        ups.advanceTo(60 * MINUTE);

        assertThat(during).isEqualTo("OL CAL DISCHRG");
        assertThat(ups.status()).isEqualTo("OL CHRG");
        assertThat(ups.outputLosses()).isZero();
    }

    @Test
    void shouldGoOffAfterAForcedShutdownAndComeBackWithTheMains()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        ups.cutMains();
        ups.force(true);
        ups.shutdownAfter(30 * SECOND, false);
        ups.advanceTo(29 * SECOND);
        final String during = ups.status();

        ups.advanceTo(31 * SECOND);

        assertThat(during).isEqualTo("FSD OB DISCHRG");
        assertThat(ups.isOutputOn()).isFalse();
        ups.restoreMains();
        ups.advanceTo(MINUTE);
        assertThat(ups.status()).isEqualTo("OL CHRG");
    }

    @Test
    void shouldStayOffUntilItIsSwitchedOn()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        ups.switchOff();
        ups.advanceTo(60 * MINUTE);
        assertThat(ups.status()).isEqualTo("OL OFF");

        ups.switchOn();

        assertThat(ups.status()).isEqualTo("OL");
    }

    @Test
    void shouldSayWhatWasTrueOnceWhileItIsFrozen()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        ups.communicate(Communication.FROZEN);

        ups.cutMains();
        ups.advanceTo(MINUTE);

        assertThat(ups.status()).isEqualTo("OL");
        assertThat(ups.isOnBattery()).isTrue();
        ups.communicate(Communication.GOOD);
        assertThat(ups.status()).isEqualTo("OB DISCHRG");
    }

    @Test
    void shouldRefuseWhatCannotBe()
    {
        final SimUps ups = ups(UpsSpec.builder("u"));
        ups.advanceTo(SECOND);

        assertThatThrownBy(() -> ups.advanceTo(0)).hasMessageContaining("expected forward");
        assertThatThrownBy(() -> ups.load(-1)).hasMessageContaining("a load of -1.0 W, expected");
        assertThatThrownBy(() -> ups.load(Double.NaN)).hasMessageContaining("a load of NaN W, expected");
        assertThatThrownBy(() -> ups.mains(-3)).hasMessageContaining("-3.0 V, expected 0 to 1000");
        assertThatThrownBy(() -> ups.generator(true)).hasMessageContaining("u has no generator");
        assertThatThrownBy(() -> UpsSpec.builder("u").losses(0, 1.1).conclude()).hasMessageContaining("efficiency");
    }

    private static SimUps ups(final UpsSpec.Builder spec)
    {
        return new SimUps(spec.conclude(), 0);
    }
}
