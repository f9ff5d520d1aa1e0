package io.farblock.daemon.power;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.farblock.blockdev.still.CommandOutcome;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A site comes to rest and goes on again, whatever happens meanwhile; the real agents in virtual time. */
class StandDownTest
{
    private final TestPolicy made = new TestPolicy();
    private final VirtualSite site = new VirtualSite();
    private final VirtualEngine.Group vms = site.add("vms", "beta", 1, Duration.ofHours(1));

    @Test
    void shouldSealOnceMoreAndComeToRestWhenTheBatteryIsLow()
    {
        made.hooks = new PowerPolicy.Hooks(List.of(), List.of("/bin/stopped"), List.of("/bin/resumed"), 1);
        open(UpsState.ON_BATTERY, 100);
        final int sealed = site.engine.sealed.size();

        site.feed.say(0, UpsState.LOW);
        site.run(20);

        assertThat(site.engine.sealed).hasSize(sealed + 1);
        assertThat(site.kinds()).endsWith("ups", "state", "last-epochs", "drain", "closing", "hook", "resting");
        assertThat(site.done).containsExactly("rest", "/bin/stopped low");
        assertThat(site.agent.status().phase()).isEqualTo("resting");
        assertThat(site.agent.status().phaseReason()).isEqualTo("standing down: low (one low)");
        assertThat(site.events("resting")).last().asString().contains("ended with exit code 0");
    }

    @Test
    void shouldGoOnByItselfWhenMainsIsBackForAsLongAsItMustBe()
    {
        made.hooks = new PowerPolicy.Hooks(List.of(), List.of(), List.of("/bin/resumed"), 1);
        open(UpsState.LOW, 100);
        site.run(10);
        assertThat(site.done).containsExactly("rest");
        final int sealed = site.engine.sealed.size();

        site.feed.say(0, UpsState.ONLINE);
        site.run(60);
        assertThat(site.done).as("not yet").containsExactly("rest");
        site.run(30);

        assertThat(site.done).containsExactly("rest", "wake", "/bin/resumed online");
        assertThat(site.engine.sealed).as("every group at once").hasSize(sealed + 1);
        assertThat(site.agent.status().phaseReason()).isEmpty();
    }

    @Test
    void shouldLetAnEpochEndThatFitsAndGiveBackOneThatDoesNot()
    {
        made.actions.put(PowerState.LOW, Set.of(PowerAction.STOP));
        open(UpsState.ONLINE, 600);
        vms.writesPerSecond = 0;
        vms.live = 100e6;
        site.schedule.callFor("vms");
        site.run(1);
        site.feed.say(0, UpsState.LOW);
        site.feed.runtime(0, 90);
        site.run(8);
        assertThat(site.done).as("10 s of 30").isEmpty();
        site.run(5);
        assertThat(site.done).containsExactly("rest");
        assertThat(site.engine.waiting()).isZero();
        resume();

        vms.live = 900e6;
        site.schedule.callFor("vms");
        site.run(2);
        site.feed.say(0, UpsState.LOW);
        site.feed.runtime(0, 90);
        site.run(8);

        assertThat(site.done).containsExactly("rest", "wake", "rest");
        assertThat(site.events("given-back")).singleElement().asString().contains("group=vms")
            .contains("estimate_s=90 budget_s=30");
        assertThat(site.engine.waiting()).as("nothing is lost of it").isEqualTo(900e6);
    }

    @Test
    void shouldNotWaitLongerThanThereIsTime()
    {
        open(UpsState.ONLINE, 600);
        vms.live = 200e6;
        site.schedule.callFor("vms");
        site.run(1);

        site.feed.say(0, UpsState.LOW);
        site.feed.runtime(0, 100);
        site.run(7);
        assertThat(site.done).isEmpty();
        site.feed.runtime(0, 60);
        site.run(1);

        assertThat(site.done).containsExactly("rest");
        assertThat(site.kinds()).contains("given-back");
    }

    /** Its gauge says the same as long as it is asked, and there is always an epoch that runs or is due. */
    @Test
    void shouldComeToRestThoughTheGaugeLiesAndEpochsFollowEachOther()
    {
        final VirtualEngine.Group busy = site.add("busy", "gamma", 2, Duration.ofSeconds(1));
        busy.writesPerSecond = 9e6;
        open(UpsState.ONLINE, 3600);
        site.run(60);

        site.feed.say(0, UpsState.LOW);
        site.run(60);

        assertThat(site.done).containsExactly("rest");
    }

    @Test
    void shouldWaitTenSecondsAtMostWhenNobodySaysHowLongThereIsPower()
    {
        open(UpsState.ONLINE, -1);
        vms.live = 900e6;
        site.schedule.callFor("vms");
        site.run(1);

        site.feed.say(0, UpsState.LOW);
        site.run(14);
        assertThat(site.done).isEmpty();
        site.run(3);

        assertThat(site.done).containsExactly("rest");
    }

    @Test
    void shouldStopAtOnceInAForcedShutdownWhileItStandsDown()
    {
        open(UpsState.ONLINE, 600);
        vms.live = 600e6;
        site.schedule.callFor("vms");
        site.run(1);
        site.feed.say(0, UpsState.LOW);
        site.run(9);
        assertThat(site.agent.status().phase()).isEqualTo("last-epochs");

        site.feed.say(0, UpsState.FORCED_SHUTDOWN);
        site.run(11);

        assertThat(site.done).containsExactly("rest");
        assertThat(site.agent.status().state()).isEqualTo("forced-shutdown");
    }

    @Test
    void shouldForgetAboutItWhenMainsIsBackBeforeTheEngineIsClosed()
    {
        open(UpsState.ONLINE, 600);
        vms.live = 600e6;
        site.schedule.callFor("vms");
        site.run(1);
        site.feed.say(0, UpsState.LOW);
        site.run(9);

        site.feed.say(0, UpsState.ONLINE);
        site.run(70);

        assertThat(site.done).isEmpty();
        assertThat(site.events("running")).containsExactly("running reason=\"mains is back\"");
        assertThat(site.engine.waiting()).as("the epoch ended in peace").isLessThan(200e6);
    }

    @Test
    void shouldCloseToTheEndAndLeaveOutTheHookWhenMainsIsBackMeanwhile()
    {
        made.hooks = new PowerPolicy.Hooks(List.of(), List.of("/sbin/shutdown"), List.of(), 1);
        open(UpsState.ONLINE, 600);
        site.closing = new CompletableFuture<>();
        site.feed.say(0, UpsState.LOW);
        site.run(20);
        assertThat(site.agent.status().phase()).isEqualTo("closing");

        site.feed.say(0, UpsState.ONLINE);
        site.run(10);
        site.closing.complete(null);
        site.run(60);

        assertThat(site.done).containsExactly("rest", "wake");
        assertThat(site.agent.status().phase()).isEqualTo("running");
    }

    @Test
    void shouldNotWaitForAHookThatHangsToKnowThatMainsIsBackButGoOnAfterIt()
    {
        made.hooks = new PowerPolicy.Hooks(List.of(), List.of("/bin/hangs"), List.of(), 1);
        open(UpsState.ONLINE, 600);
        site.hook = new CompletableFuture<>();
        site.feed.say(0, UpsState.LOW);
        site.run(20);
        site.feed.say(0, UpsState.ONLINE);
        site.run(100);
        assertThat(site.agent.status().phase()).isEqualTo("hook");
        assertThat(site.agent.status().state()).isEqualTo("online");

        site.hook.complete(new CommandOutcome(List.of("/bin/hangs"), 143, true, "", ""));
        site.run(2);

        assertThat(site.done).endsWith("wake");
        assertThat(site.events("resting")).singleElement().asString().contains("took too long");
    }

    @Test
    void shouldComeToRestWhateverBecomesOfHookAndEngine()
    {
        made.hooks = new PowerPolicy.Hooks(List.of("/bin/changed"), List.of("/bin/stopped"), List.of(), 1);
        site.hook = CompletableFuture.failedFuture(new IllegalStateException("no such program"));
        site.closing = CompletableFuture.failedFuture(new IllegalStateException("disk on fire"));
        open(UpsState.LOW, 100);

        site.run(10);

        assertThat(site.agent.status().phase()).isEqualTo("resting");
        assertThat(site.events("hook").toString()).contains("no such program").contains("failed: disk on fire");
        assertThat(site.events("resting")).singleElement().asString().contains("failed: no such program");
    }

    @Test
    void shouldRunOneCommandOfChangesAtATimeAndTellItTheNewest()
    {
        made.hooks = new PowerPolicy.Hooks(List.of("/bin/changed"), List.of(), List.of(), 1);
        open(UpsState.ONLINE, 1000);
        site.run(10);
        site.done.clear();
        final CompletableFuture<CommandOutcome> hangs = new CompletableFuture<>();
        site.hook = hangs;

        site.feed.say(0, UpsState.ON_BATTERY);
        site.run(30);
        site.feed.say(0, UpsState.ONLINE);
        site.run(30);
        site.feed.say(0, UpsState.BYPASS);
        site.run(30);

        assertThat(site.done).containsOnlyOnce("/bin/changed on_battery").noneMatch(each -> each.contains("online"));
        assertThat(site.events("hook")).last().asString().contains("left out").contains("online");

        site.hook = CompletableFuture.completedFuture(new CommandOutcome(List.of("/bin/changed"), 0, false, "", ""));
        hangs.complete(new CommandOutcome(List.of("/bin/changed"), 143, true, "", ""));
        site.run(2);

        assertThat(site.done).endsWith("/bin/changed bypass");
        assertThat(site.events("hook").toString()).contains("took too long");
    }

    @Test
    void shouldTryAgainWhenTheEngineDoesNotStart()
    {
        open(UpsState.LOW, 100);
        site.run(10);
        site.launching = CompletableFuture.failedFuture(new IllegalStateException("no state directory"));
        site.feed.say(0, UpsState.ONLINE);
        site.run(70);
        assertThat(site.events("resting")).last().asString().contains("failed: no state directory");
        assertThat(Collections.frequency(site.done, "wake")).isEqualTo(1);

        site.launching = CompletableFuture.completedFuture(null);
        site.run(65);

        assertThat(Collections.frequency(site.done, "wake")).isEqualTo(2);
        assertThat(site.agent.status().phase()).isEqualTo("running");
    }

    /** There is mains and nothing is replicated: somebody has to look into it. */
    @Test
    void shouldWarnWhenTheEngineDoesNotStart()
    {
        final Logger log = (Logger)LoggerFactory.getLogger("farblock.power");
        final ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        log.addAppender(said);
        log.setLevel(Level.INFO);
        open(UpsState.LOW, 100);
        site.run(10);
        site.launching = CompletableFuture.failedFuture(new IllegalStateException("no state directory"));

        site.feed.say(0, UpsState.ONLINE);
        site.run(70);
        log.detachAppender(said);
        log.setLevel(null);

        assertThat(said.list).filteredOn(event -> event.getFormattedMessage().contains("no state directory"))
            .singleElement().extracting(ILoggingEvent::getLevel).isEqualTo(Level.WARN);
    }

    @Test
    void shouldNotWaitForGroupsThatMayNotBegin()
    {
        site.add("held", new PoweredGroup("held", "gamma", new PowerPolicy.OfGroup(
            9, null, Map.of(PowerState.LOW, Set.of(PowerAction.HOLD)))), Duration.ofSeconds(10));
        site.add("ignored", new PoweredGroup("ignored", "gamma", new PowerPolicy.OfGroup(
            9, null, Map.of(PowerState.LOW, Set.of()))), Duration.ofSeconds(10));
        open(UpsState.ONLINE, 600);

        site.feed.say(0, UpsState.LOW);
        site.run(20);

        assertThat(site.done).containsExactly("rest");
    }

    @Test
    void shouldStandDownAgainWhenTheBatteryIsLowBeforeTheEngineIsBack()
    {
        open(UpsState.LOW, 100);
        site.run(10);
        site.launching = new CompletableFuture<>();
        site.feed.say(0, UpsState.ONLINE);
        site.run(80);
        assertThat(site.agent.status().phase()).isEqualTo("waking");
        site.feed.say(0, UpsState.LOW);
        site.run(20);

        site.launching.complete(null);
        site.run(20);

        assertThat(site.done).containsExactly("rest", "wake", "rest");
        assertThat(site.agent.status().phase()).isEqualTo("resting");
    }

    @Test
    void shouldStayAtRestWhileMainsFlaps()
    {
        open(UpsState.LOW, 100);
        site.run(10);

        for (int i = 0; i < 10; i++)
        {
            site.feed.say(0, UpsState.ONLINE);
            site.run(40);
            site.feed.say(0, UpsState.ON_BATTERY);
            site.run(20);
        }

        assertThat(site.done).containsExactly("rest");
        assertThat(site.engine.open).isFalse();
    }

    @Test
    void shouldGoOnWhenContactIsLostAfterMainsCameBack()
    {
        open(UpsState.LOW, 100);
        site.run(10);
        site.feed.say(0, UpsState.ONLINE);
        site.run(10);

        site.feed.say(0, UpsState.UNKNOWN);
        site.run(70);

        assertThat(site.done).as("no operator is needed").containsExactly("rest", "wake");
    }

    @ParameterizedTest
    @EnumSource(StandDownPhase.class)
    void shouldReachEveryPhaseAndLeaveIt(final StandDownPhase phase)
    {
        final Set<StandDownPhase> next = EnumSet.allOf(StandDownPhase.class);
        next.removeIf(other -> !phase.allows(other));

        assertThat(next).isNotEmpty().doesNotContain(phase);
        assertThat(EnumSet.allOf(StandDownPhase.class)).anyMatch(before -> before.allows(phase));
    }

    private void open(final UpsState state, final int runtimeSeconds)
    {
        site.open(made.policy());
        site.feed.runtime(0, runtimeSeconds);
        site.run(10);
        site.feed.say(0, state);
        site.run(state == UpsState.ONLINE ? 0 : 10);
    }

    private void resume()
    {
        site.feed.say(0, UpsState.ONLINE);
        site.feed.runtime(0, 600);
        site.run(75);
        assertThat(site.agent.status().phase()).isEqualTo("running");
    }
}
