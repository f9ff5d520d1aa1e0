package io.farblock.daemon.power;

import static io.farblock.daemon.power.PowerAction.HOLD;
import static io.farblock.daemon.power.PowerAction.PERSIST;
import static io.farblock.daemon.power.PowerAction.SEAL;
import static io.farblock.daemon.power.PowerAction.SHORTEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is decided in each state of the power, by the real agents in virtual time. */
class PowerAgentTest
{
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestPolicy made = new TestPolicy();
    private final VirtualSite site = new VirtualSite();
    private VirtualEngine.Group vms;

    @BeforeEach
    void add()
    {
        vms = site.add("vms", "beta", 1, HOUR);
    }

    @Test
    void shouldSealAtOnceOnBatteryAndThenAtTheShortInterval()
    {
        open();

        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(6);
        assertThat(Collections.frequency(site.engine.began, "vms")).isEqualTo(2);
        site.run(90);

        assertThat(Collections.frequency(site.engine.sealed, "vms")).isEqualTo(4);
        assertThat(site.events("state")).last().asString()
            .contains("state=on-battery because=\"one on-battery\" runtime_s=600 budget_s=540")
            .contains("actions=shorten,drain");
        site.feed.say(0, UpsState.ONLINE);
        site.run(600);
        assertThat(Collections.frequency(site.engine.sealed, "vms")).as("what ran, then its own interval")
            .isEqualTo(5);
    }

    @Test
    void shouldDoNothingForGlitchesOfFourSeconds()
    {
        final Random random = new Random(21);
        open();
        final List<String> before = site.kinds();

        for (int glitch = 0; glitch < 200; glitch++)
        {
            site.feed.say(0, random.nextBoolean() ? UpsState.ON_BATTERY : UpsState.LOW);
            site.run(4);
            site.feed.say(0, UpsState.ONLINE);
            site.run(1 + random.nextInt(10));
        }

        assertThat(site.kinds()).as("seed 21").isEqualTo(before);
        assertThat(site.engine.began).containsExactly("vms");
        assertThat(site.done).isEmpty();
    }

    @Test
    void shouldNotReactToLostContactOnMains()
    {
        open();

        site.feed.say(0, UpsState.UNKNOWN);
        site.run(30);
        site.feed.say(0, UpsState.ONLINE);
        site.run(30);

        assertThat(site.engine.began).containsExactly("vms");
        assertThat(site.kinds()).endsWith("ups", "state", "ups", "state");
        assertThat(site.events("ups").get(1)).contains("state=unknown").contains("reason=\"nobody answers\"");
        assertThat(site.done).isEmpty();
    }

    @Test
    void shouldGoOnSealingWithoutStoppingWhenContactIsLostOnBattery()
    {
        open();
        site.feed.say(0, UpsState.ON_BATTERY);
        site.feed.runtime(0, 120);
        site.run(10);
        final int sealed = site.engine.sealed.size();

        site.feed.say(0, UpsState.UNKNOWN);
        site.run(40);

        assertThat(site.engine.sealed.size()).isEqualTo(sealed + 1);
        assertThat(site.agent.status().runtimeNs()).isBetween(79 * VirtualSite.SECOND, 81 * VirtualSite.SECOND);
        site.run(100);
        assertThat(site.events("wait")).last().asString().contains("budget_s=0");
        assertThat(site.done).as("never on that alone").isEmpty();
    }

    @Test
    void shouldDrainByPriorityWithinTheBudgetAndSayWhoWaits()
    {
        final VirtualEngine.Group large = site.add("large", "beta", 2, HOUR);
        site.add("small", "beta", 3, HOUR);
        open();
        site.run(30);
        site.engine.groups.values().forEach(group -> group.writesPerSecond = 0);
        large.live = 2e9;

        site.feed.runtime(0, 200);
        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(30);

        assertThat(site.engine.sealed.subList(3, 5)).containsExactly("vms", "small");
        assertThat(site.events("wait").get(0)).isEqualTo(
            "wait group=large estimate_s=200 budget_s=140 waiting_bytes=2000000000 rate_bytes_s=10000000");
        site.feed.runtime(0, 300);
        site.run(300);
        assertThat(site.engine.sealed).as("more runtime than was thought").contains("large");
    }

    @Test
    void shouldTryWhatNothingIsKnownOfAfterAllOthers()
    {
        final VirtualEngine.Group fresh = site.add("fresh", "beta", 0, null);
        open();
        site.run(10);
        fresh.live = 1e6;

        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(20);

        assertThat(site.engine.began).containsExactly("vms", "vms", "fresh");
        assertThat(site.events("drain").get(1)).contains("group=fresh estimate_s=unknown");
    }

    @Test
    void shouldDrainToDifferentPeersSideBySide()
    {
        site.add("mail", "gamma", 5, HOUR);
        open();
        site.run(120);

        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(6);

        assertThat(site.schedule.isRunning("vms")).isTrue();
        assertThat(site.schedule.isRunning("mail")).isTrue();
    }

    @Test
    void shouldHaveWordsOfItsOwnForAGroup()
    {
        final VirtualEngine.Group held = site.add("scratch", new PoweredGroup("scratch", "beta",
            new PowerPolicy.OfGroup(9, null, Map.of(PowerState.ON_BATTERY, Set.of(HOLD)))), Duration.ofSeconds(10));
        site.add("db", new PoweredGroup("db", "beta", new PowerPolicy.OfGroup(
            1, Duration.ofSeconds(5), Map.of(PowerState.ON_BATTERY, Set.of(SHORTEN)))), HOUR);
        open();
        site.run(20);
        final long before = held.last.epoch();

        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(60);

        assertThat(held.last.epoch()).isLessThanOrEqualTo(before + 1);
        assertThat(Collections.frequency(site.engine.sealed, "db")).isGreaterThan(9);
        site.feed.say(0, UpsState.ONLINE);
        site.run(20);
        assertThat(held.last.epoch()).as("goes on").isGreaterThan(before + 1);
    }

    @Test
    void shouldNeverLengthenAnInterval()
    {
        site.add("quick", "beta", 9, Duration.ofSeconds(10));
        made.actions.put(PowerState.ON_BATTERY, Set.of(SHORTEN));
        open();
        site.run(10);
        final int before = Collections.frequency(site.engine.sealed, "quick");

        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(60);

        assertThat(Collections.frequency(site.engine.sealed, "quick")).isGreaterThanOrEqualTo(before + 5);
    }

    @Test
    void shouldDoForOtherStatesWhatIsAsked()
    {
        made.actions.put(PowerState.BYPASS, Set.of(SEAL));
        made.actions.put(PowerState.UNKNOWN, Set.of(PERSIST));
        made.onReplace = Set.of(SEAL, PERSIST);
        open();

        site.feed.say(0, UpsState.BYPASS);
        site.run(10);
        assertThat(site.engine.sealed).hasSize(2);
        site.feed.say(0, UpsState.UNKNOWN);
        site.run(10);
        assertThat(site.done).containsExactly("persist");
        site.feed.say(0, UpsState.ONLINE);
        site.feed.replaceBattery = true;
        site.run(10);

        assertThat(site.engine.sealed).hasSize(3);
        assertThat(site.done).containsExactly("persist", "persist");
        assertThat(site.events("replace-battery")).hasSize(1);
        assertThat(site.events("persist")).hasSize(2);
    }

    /** A server that says so at every other answer would have an epoch at each. */
    @Test
    void shouldNotBelieveInABatteryThatIsToBeReplacedOnlyNowAndThen()
    {
        made.onReplace = Set.of(SEAL);
        open();
        final int sealed = site.engine.sealed.size();

        for (int i = 0; i < 50; i++)
        {
            site.feed.replaceBattery = !site.feed.replaceBattery;
            site.run(0.2);
        }
        assertThat(site.events("replace-battery")).isEmpty();
        site.feed.replaceBattery = true;
        site.run(10);
        site.feed.replaceBattery = false;
        site.run(0.2);
        site.feed.replaceBattery = true;
        site.run(10);

        assertThat(site.events("replace-battery")).hasSize(1);
        assertThat(site.engine.sealed).hasSize(sealed + 1);
    }

    @Test
    void shouldSealWhateverTheBatteryHoldsWhenToldToSeal()
    {
        made.actions.put(PowerState.ON_BATTERY, Set.of(SEAL));
        open();
        site.feed.runtime(0, 1);

        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(10);

        assertThat(site.engine.sealed).hasSize(2);
    }

    @Test
    void shouldTryEverythingWhenNobodySaysHowLongTheBatteryLasts()
    {
        open();
        site.feed.runtime(0, -1);

        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(10);

        assertThat(site.engine.sealed).hasSize(2);
        assertThat(site.events("drain")).last().asString().contains("budget_s=unknown");
    }

    @Test
    void shouldSurviveAFeedThatFails()
    {
        open();
        site.feed.broken = new IllegalStateException("broken");
        site.run(10);

        site.feed.broken = null;
        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(10);

        assertThat(site.agent.status().state()).isEqualTo("on-battery");
    }

    @Test
    void shouldKeepABoundedListOfEvents()
    {
        open();

        for (int i = 0; i < 100; i++)
        {
            site.feed.say(0, i % 2 == 0 ? UpsState.BYPASS : UpsState.ONLINE);
            site.run(6);
        }

        assertThat(site.agent.events().last()).hasSize(PowerEvents.KEPT);
    }

    @Test
    void shouldTellHowMuchIsAtRiskAndWhatThatRestsOn()
    {
        open();
        site.run(300);

        final PowerStatus.GroupRisk risk = site.agent.status().risk().get(0);

        assertThat(risk.waitingBytes()).isBetween(290_000_000L, 320_000_000L);
        assertThat(risk.growthBytesPerSecond()).isBetween(999_000L, 1_001_000L);
        assertThat(risk.wireBytesPerSecond()).isEqualTo(10_000_000);
        // 600 s of runtime, of which the last 60 are the shutdown's; the next epoch would come after them
        assertThat(risk.withoutPolicyBytes()).isBetween(890_000_000L, 920_000_000L);
        assertThat(risk.withPolicyBytes()).isBetween(60_000_000L, 95_000_000L);
        vms.isMarked = false;
        site.run(2);
        assertThat(site.agent.status().risk().get(0).waitingBytes()).isEqualTo(-1);
        assertThat(site.agent.status().risk().get(0).withPolicyBytes()).isEqualTo(-1);
    }

    private void open()
    {
        site.open(made.policy());
        site.run(10);
    }
}
