package io.farblock.daemon.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is concluded from what UPSes say, under a clock of the test. */
class SitePowerTest
{
    private static final long SECOND = 1_000_000_000L;

    private final TestPolicy made = new TestPolicy();
    private final List<PowerState> states = new ArrayList<>();
    /** Just before it overflows, as it may. */
    private long nowNs = Long.MAX_VALUE - 7 * SECOND;
    private FakeFeed feed;
    private SitePower power;

    @Test
    void shouldSayNothingBeforeAStateHasLasted()
    {
        open();

        listen(4);
        assertThat(power.state()).isEqualTo(PowerState.UNKNOWN);
        listen(2);

        assertThat(power.state()).isEqualTo(PowerState.ONLINE);
    }

    @Test
    void shouldTakeNoGlitchOfFourSecondsForAnOutageHoweverThePollsFall()
    {
        final Random random = new Random(11);
        open();
        listen(10);

        for (int glitch = 0; glitch < 500; glitch++)
        {
            feed.say(0, random.nextBoolean() ? UpsState.ON_BATTERY : UpsState.LOW);
            poll(random.nextInt(1_900), 4_000);
            feed.say(0, UpsState.ONLINE);
            // mains that comes and goes between two questions is not seen by anybody
            poll(random.nextInt(1_900), 2_000 + random.nextInt(9_000));
        }

        assertThat(states).as("seed 11").containsExactly(PowerState.ONLINE);
    }

    @Test
    void shouldKnowAnOutageAndItsEndAfterTheDebounce()
    {
        open();
        listen(10);

        feed.say(0, UpsState.ON_BATTERY);
        listen(6);
        feed.say(0, UpsState.LOW);
        listen(6);
        feed.say(0, UpsState.ONLINE);
        listen(6);

        assertThat(states).containsExactly(
            PowerState.ONLINE, PowerState.ON_BATTERY, PowerState.LOW, PowerState.ONLINE);
    }

    @Test
    void shouldCountTimeOnBatteryThatGetsLowAsTimeOnBattery()
    {
        open();
        listen(10);

        feed.say(0, UpsState.ON_BATTERY);
        listen(3);
        feed.say(0, UpsState.LOW);
        listen(3);

        assertThat(power.state()).isEqualTo(PowerState.ON_BATTERY);
    }

    @Test
    void shouldCountAForcedShutdownAtOnce()
    {
        open();
        listen(10);

        feed.say(0, UpsState.FORCED_SHUTDOWN);
        listen(1);

        assertThat(power.state()).isEqualTo(PowerState.FORCED_SHUTDOWN);
    }

    @Test
    void shouldNeverTakeLostContactForAnOutage()
    {
        open();
        listen(10);

        feed.say(0, UpsState.UNKNOWN);
        listen(30);
        feed.say(0, UpsState.ONLINE);
        listen(10);

        assertThat(states).containsExactly(PowerState.ONLINE, PowerState.UNKNOWN, PowerState.ONLINE);
    }

    @Test
    void shouldStayOnBatteryAndCountDownWhenContactIsLostThere()
    {
        open();
        listen(10);
        feed.say(0, UpsState.ON_BATTERY);
        feed.runtime(0, 100);
        listen(10);

        feed.say(0, UpsState.UNKNOWN);
        listen(30);

        assertThat(power.state()).isEqualTo(PowerState.ON_BATTERY);
        assertThat(power.runtimeNs(nowNs)).isEqualTo(70 * SECOND);
        listen(300);
        assertThat(power.runtimeNs(nowNs)).isZero();
        assertThat(power.state()).isEqualTo(PowerState.ON_BATTERY);
    }

    @Test
    void shouldKeepALowBatteryLowUntilThereIsMains()
    {
        open();
        feed.say(0, UpsState.LOW);
        listen(10);

        feed.say(0, UpsState.ON_BATTERY);
        listen(30);
        assertThat(power.state()).isEqualTo(PowerState.LOW);
        feed.say(0, UpsState.BYPASS);
        listen(10);

        assertThat(power.state()).isEqualTo(PowerState.BYPASS);
    }

    @Test
    void shouldNeedAllOfTheSuppliesThatItNeeds()
    {
        made.upses = List.of(TestPolicy.ups("one", 1), TestPolicy.ups("two", 1), TestPolicy.ups("desk", 0));
        open();
        listen(10);

        feed.say(0, UpsState.LOW);
        feed.say(2, UpsState.LOW);
        listen(10);
        assertThat(power.state()).as("the other one has mains").isEqualTo(PowerState.ONLINE);
        feed.say(1, UpsState.UNKNOWN);
        listen(10);
        assertThat(power.state()).as("silence is no failure").isEqualTo(PowerState.UNKNOWN);
        feed.say(1, UpsState.ON_BATTERY);
        listen(10);

        assertThat(power.state()).as("one low, one not yet").isEqualTo(PowerState.ON_BATTERY);
    }

    @Test
    void shouldFailWithOneOfTwoWhenBothAreNeededAndLastAsLongAsTheWeaker()
    {
        made.upses = List.of(TestPolicy.ups("one", 1), TestPolicy.ups("two", 1));
        made.minSupplies = 2;
        open();
        feed.runtime(0, 100);
        feed.runtime(1, 300);
        listen(10);

        feed.say(0, UpsState.ON_BATTERY);
        listen(10);

        assertThat(power.state()).isEqualTo(PowerState.ON_BATTERY);
        assertThat(power.runtimeNs(nowNs)).isEqualTo(100 * SECOND);
    }

    @Test
    void shouldNotKnowARuntimeThatNobodySays()
    {
        made.upses = List.of(TestPolicy.ups("one", 1), TestPolicy.ups("two", 1));
        open();
        listen(10);

        feed.runtime(0, -1);
        feed.runtime(1, -1);
        listen(1);
        assertThat(power.runtimeNs(nowNs)).isNegative();
        feed.runtime(1, 50);
        listen(1);

        assertThat(power.runtimeNs(nowNs)).as("what is known is enough").isEqualTo(50 * SECOND);
    }

    /** What no answer can bring about is a broken invariant, not a state. */
    @ParameterizedTest
    @EnumSource(PowerState.class)
    void shouldEndAnOutageOnlyByWordOfMains(final PowerState from)
    {
        final EnumSet<PowerState> next = EnumSet.allOf(PowerState.class);

        next.removeIf(state -> !from.allows(state));

        assertThat(next).doesNotContain(from);
        assertThat(next.stream().filter(state -> from.isOutage() && state.compareTo(from) < 0))
            .allMatch(PowerState::isMains);
    }

    @Test
    void shouldRefuseAnswersOfOtherUpses()
    {
        open();

        assertThatThrownBy(() -> power.hear(List.of(), nowNs)).isInstanceOf(IllegalStateException.class)
            .hasMessage("0 answers for 1 UPSes");
    }

    /** The shape of a flapping input: every answer at random, and no state that did not last. */
    @Test
    void shouldFollowNothingThatDoesNotLast()
    {
        final Random random = new Random(12);
        open();
        listen(10);

        for (int i = 0; i < 2_000; i++)
        {
            feed.say(0, random.nextBoolean() ? UpsState.ON_BATTERY : UpsState.ONLINE);
            listen(1 + random.nextInt(4));
            feed.say(0, UpsState.ONLINE);
            listen(1);
        }

        assertThat(states).as("seed 12").containsExactly(PowerState.ONLINE);
    }

    private void open()
    {
        feed = new FakeFeed(() -> nowNs, made.upses);
        power = new SitePower(made.policy(), feed.upses(), nowNs);
    }

    /** An answer each second. */
    private void listen(final int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            nowNs += SECOND;
            look();
        }
    }

    /** An answer each 2 s, the first of them after some ms. */
    private void poll(final int firstMs, final int totalMs)
    {
        final long endNs = nowNs + totalMs * 1_000_000L;
        for (nowNs += firstMs * 1_000_000L; endNs - nowNs > 0; nowNs += 2 * SECOND)
        {
            look();
        }
        nowNs = endNs;
    }

    private void look()
    {
        power.hear(feed.upses(), nowNs);
        if (power.conclude(nowNs))
        {
            states.add(power.state());
        }
    }
}
