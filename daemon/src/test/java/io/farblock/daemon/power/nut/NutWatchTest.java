package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsConfig.Tls;
import io.farblock.daemon.power.UpsState;
import io.farblock.daemon.power.UpsStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** One UPS over connections that come and go, under a clock of the test's. */
class NutWatchTest implements NutNetwork
{
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<FakeLink> links = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - 5;
    private final NutWatch watch = new NutWatch(Upses.called("lab", Tls.OFF), this, () -> nowNs);

    @Test
    void shouldKnowNothingBeforeItHeard()
    {
        assertThat(watch.status()).isEqualTo(new UpsStatus("rack", UpsState.UNKNOWN, false, 2, -1, -1, -1, "", nowNs,
            Long.MIN_VALUE, "it was not heard yet"));
    }

    @Test
    void shouldSayWhatItHearsAndSinceWhen()
    {
        connect();
        final long onlineNs = nowNs;
        hear("OL", 100);
        pass(2_000);
        hear("OL", 99);
        assertThat(watch.status().sinceNs()).isEqualTo(onlineNs);
        assertThat(watch.status().heardNs()).isEqualTo(nowNs);
        pass(2_000);

        hear("OB DISCHRG RB", 98);

        assertThat(watch.status()).isEqualTo(new UpsStatus("rack", UpsState.ON_BATTERY, true, 2, 98, 60_000 * MS, 30,
            "OB DISCHRG RB", nowNs, nowNs, ""));
    }

    @Test
    void shouldLetTheLastWordStandUntilItIsTooOld()
    {
        connect();
        hear("OB DISCHRG", 80);
        final long heardNs = nowNs;

        lose("the server closed the connection");
        for (int i = 0; i < 150; i++)
        {
            assertThat(watch.status().state()).isEqualTo(UpsState.ON_BATTERY);
            pass(100);
            loseAll();
        }
        pass(1);

        final UpsStatus status = watch.status();
        assertThat(status.state()).isEqualTo(UpsState.UNKNOWN);
        assertThat(status.reason()).contains("15.0 s", "upsd.example:3493", "refused");
        assertThat(status.tokens()).isEqualTo("OB DISCHRG");
        assertThat(status.chargePercent()).isEqualTo(80);
        assertThat(status.runtimeNs()).isEqualTo(60_000 * MS);
        assertThat(status.heardNs()).isEqualTo(heardNs);
        assertThat(status.sinceNs()).isEqualTo(heardNs + 15_000 * MS);
    }

    @Test
    void shouldJudgeTheAgeOfAWordEvenIfNobodySteps()
    {
        connect();
        hear("OL", 80);

        nowNs += 15_001 * MS;

        assertThat(watch.status().state()).isEqualTo(UpsState.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA-STALE", "DRIVER-NOT-CONNECTED", "UNKNOWN-UPS"})
    void shouldLetTheLastWordStandAlsoWhenTheServerHasNone(final String error)
    {
        connect();
        hear("OB LB", 5);
        final long heardNs = nowNs;

        for (int i = 0; i < 7; i++)
        {
            pass(2_000);
            line("ERR " + error);
        }
        assertThat(watch.status().state()).isEqualTo(UpsState.LOW);
        pass(1_001);

        assertThat(watch.status().state()).isEqualTo(UpsState.UNKNOWN);
        assertThat(watch.status().sinceNs()).isEqualTo(heardNs + 15_000 * MS);
        assertThat(watch.status().reason()).contains("15.0 s", error);
        assertThat(watch.status().tokens()).isEqualTo("OB LB");
        pass(2_000);
        hear("OL", 6);
        assertThat(watch.status().state()).isEqualTo(UpsState.ONLINE);
        assertThat(watch.status().reason()).isEmpty();
    }

    @Test
    void shouldSayWhyNothingWasEverHeard()
    {
        connect();

        line("ERR UNKNOWN-UPS");

        assertThat(watch.status().state()).isEqualTo(UpsState.UNKNOWN);
        assertThat(watch.status().reason()).contains("upsd.example:3493", "no UPS \"lab\"");
    }

    @Test
    void shouldKeepItsLastWordsWhenTheDriverHasNone()
    {
        connect();
        hear("OB", 50);
        pass(2_000);
        hear("WAIT", 100);
        assertThat(watch.status().state()).isEqualTo(UpsState.ON_BATTERY);
        assertThat(watch.status().tokens()).isEqualTo("OB");
        assertThat(watch.status().chargePercent()).isEqualTo(50);
        pass(2_000);

        hear("OFF", 49);

        assertThat(watch.status().state()).isEqualTo(UpsState.UNKNOWN);
        assertThat(watch.status().tokens()).isEqualTo("OFF");
        assertThat(watch.status().chargePercent()).isEqualTo(49);
    }

    @Test
    void shouldTryAgainLessAndLessOften()
    {
        final List<Long> times = new ArrayList<>();

        for (int i = 0; i < 800; i++)
        {
            if (loseAll())
            {
                times.add(i * 100L);
            }
            pass(100);
        }

        assertThat(times).startsWith(0L + 100, 600L, 1_600L, 3_600L, 7_600L, 15_600L, 25_600L, 35_600L);
    }

    @Test
    void shouldAskAServerThatBreaksAtEachQuestionAsSeldomAsOneThatIsGone()
    {
        for (int i = 0; i < 800; i++)
        {
            pass(100);
            if (isOpen())
            {
                listeners.get(listeners.size() - 1).onConnected();
                hear("OL", 100);
                lose("the server closed the connection");
            }
        }

        assertThat(links).hasSizeBetween(8, 14);
        assertThat(watch.status().state()).isEqualTo(UpsState.ONLINE);
    }

    @Test
    void shouldTryAgainSoonAfterAConnectionThatWasGood()
    {
        for (int i = 0; i < 6; i++)
        {
            pass(10_000);
            loseAll();
        }
        pass(10_000);
        listeners.get(listeners.size() - 1).onConnected();
        hear("OL", 100);
        pass(2_000);
        hear("OL", 100);
        final int before = links.size();

        lose("reset");
        pass(500);

        assertThat(links).hasSize(before + 1);
    }

    @Test
    void shouldGiveUpAnAttemptThatLeadsToNothing()
    {
        pass(0);
        pass(4_999);
        assertThat(links.get(0).closed).isFalse();

        pass(1);
        // Too late: somebody answers on the connection that was given up.
        listeners.get(0).onConnected();
        listeners.get(0).onLine("VAR lab ups.status \"FSD\"");

        assertThat(links.get(0).closed).isTrue();
        assertThat(links.get(0).sent).isEmpty();
        assertThat(watch.status().reason()).contains("cannot connect to upsd.example:3493 within 5 s");
    }

    @Test
    void shouldNotAskForAnotherListAfterOneWithoutEnd()
    {
        connect();
        line("BEGIN LIST VAR lab");
        for (int i = 0; i < NutSession.LONGEST_LIST; i++)
        {
            line("VAR lab x \"y\"");
        }
        assertThat(links.get(0).closed).isTrue();

        pass(500);
        listeners.get(1).onConnected();

        assertThat(links.get(1).sent).containsExactly("GET VAR lab ups.status");
    }

    @Test
    void shouldLogChangesAndNotPolls()
    {
        final ListAppender<ILoggingEvent> log = new ListAppender<>();
        final Logger logger = (Logger)LoggerFactory.getLogger(NutWatch.class);
        // the test log is quiet
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        log.start();
        try
        {
            for (int i = 0; i < 10; i++)
            {
                pass(500);
                loseAll();
            }
            pass(10_000);
            listeners.get(listeners.size() - 1).onConnected();
            for (final String words : List.of("OL", "OL", "OL CHRG", "OB", "OB", "OB LB", "OL", "OL RB", "OL RB"))
            {
                hear(words, 50);
                pass(2_000);
            }

            assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly(
                "ups=rack state=unknown was=unknown server=upsd.example:3493 " +
                    "reason=\"upsd.example:3493: refused\"",
                "ups=rack state=online was=unknown words=\"OL\"",
                "ups=rack state=on-battery was=online words=\"OB\" charge=50.0 runtime_s=60 load=30.0",
                "ups=rack state=low was=on-battery words=\"OB LB\" charge=50.0 runtime_s=60 load=30.0",
                "ups=rack state=online was=low words=\"OL\"",
                "ups=rack state=online was=online words=\"OL RB\" charge=50.0 runtime_s=60 load=30.0");
        }
        finally
        {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    @Override
    public Link connect(final UpsConfig ups, final Listener listener)
    {
        final FakeLink link = new FakeLink();
        links.add(link);
        listeners.add(listener);
        return link;
    }

    private void connect()
    {
        pass(0);
        listeners.get(0).onConnected();
    }

    private void hear(final String words, final int charge)
    {
        line("BEGIN LIST VAR lab");
        line("VAR lab ups.status \"" + words + "\"");
        line("VAR lab battery.charge \"" + charge + "\"");
        line("VAR lab battery.runtime \"60\"");
        line("VAR lab ups.load \"30\"");
        line("END LIST VAR lab");
    }

    private void line(final String line)
    {
        listeners.get(listeners.size() - 1).onLine(line);
    }

    private void lose(final String reason)
    {
        links.get(links.size() - 1).closed = true;
        listeners.get(listeners.size() - 1).onClosed(reason);
    }

    private boolean isOpen()
    {
        return !links.isEmpty() && !links.get(links.size() - 1).closed;
    }

    /** @return whether there was one. */
    private boolean loseAll()
    {
        final boolean open = isOpen();
        if (open)
        {
            lose("refused");
        }
        return open;
    }

    private void pass(final long milliseconds)
    {
        nowNs += milliseconds * MS;
        watch.step();
    }
}
