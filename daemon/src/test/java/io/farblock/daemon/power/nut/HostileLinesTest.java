package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsConfig.Tls;
import io.farblock.daemon.power.UpsState;
import io.farblock.daemon.power.UpsStatus;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a server sends, however it is cut and timed, a watch goes on, says no more than the protocol allows, keeps
 * to its waits, and hears the first good server that comes after. The seed is printed; {@code -Dseed=N} repeats one.
 */
class HostileLinesTest implements NutNetwork
{
    private static final int STEPS = 20_000;
    /** In steps of a millisecond: the longest wait, a connection's patience, an answer's, and as much again. */
    private static final long KIND_STEPS = 2 * TimeUnit.NANOSECONDS.toMillis(
        NutWatch.LONGEST_WAIT_NS + NutWatch.CONNECT_NS + NutSession.ANSWER_NS);

    private long nowNs = Long.MAX_VALUE - 5;
    private FakeLink link;
    private Listener listener;
    private LineBuffer lines;
    private int connects;
    private boolean connected;
    private boolean secured;

    @ParameterizedTest
    @EnumSource(Tls.class)
    void shouldGoOn(final Tls tls)
    {
        final long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("nut lines tls=" + tls + " seed=" + seed);
        final Random random = new Random(seed);
        final NutWatch watch = new NutWatch(Upses.called("lab", tls), this, () -> nowNs);
        final long beginNs = nowNs;

        for (int i = 0; i < STEPS; i++)
        {
            step(watch, random.nextInt(20) == 0 ? random.nextInt(4_000) : 1);
            happen(random);
        }
        // half a second at the least, unless the last connection was good
        assertThat(connects).isLessThan((int)((nowNs - beginNs) / NutWatch.SHORTEST_WAIT_NS) + 2);

        // what the hostile ones have left of its state does not keep it from a good one
        lose();
        step(watch, TimeUnit.MINUTES.toMillis(1));
        assertThat(watch.status().state()).isEqualTo(UpsState.UNKNOWN);
        for (int i = 0; i < KIND_STEPS && watch.status().state() == UpsState.UNKNOWN; i++)
        {
            step(watch, 1);
            serve();
        }
        assertThat(watch.status().state()).as("of a good server's UPS").isEqualTo(UpsState.LOW);
    }

    private void step(final NutWatch watch, final long elapsedMs)
    {
        nowNs += TimeUnit.MILLISECONDS.toNanos(elapsedMs);
        watch.step();
        assertSane(watch.status());
        // reading only, whatever it is answered
        assertThat(link.sent).allMatch(line -> line.equals("STARTTLS") || line.equals("LIST VAR lab") ||
            line.startsWith("GET VAR lab "));
    }

    /** One step of a good server. */
    private void serve()
    {
        if (link.closed)
        {
            return;
        }
        if (!connected)
        {
            connected = true;
            listener.onConnected();
        }
        else if (link.tls && !secured)
        {
            secured = true;
            listener.onSecured();
        }
        else
        {
            receive(fitting());
        }
    }

    private void happen(final Random random)
    {
        if (link == null || link.closed)
        {
            return;
        }
        switch (random.nextInt(40))
        {
            case 0 -> lose();
            case 1, 2, 3 -> listener.onConnected();
            case 4, 5 -> listener.onSecured();
            default -> receive(random.nextInt(3) > 0 ? fitting() :
                HostileLines.next(random) + (random.nextInt(9) == 0 ? "" : "\n"));
        }
    }

    /** What a good server would answer to the last question. */
    private String fitting()
    {
        final String question = link.sent.isEmpty() ? "" : link.sent.remove(link.sent.size() - 1);
        if (question.startsWith("LIST"))
        {
            return "BEGIN LIST VAR lab\nVAR lab ups.status \"OB LB\"\nVAR lab battery.charge \"7\"\nEND LIST VAR lab\n";
        }
        if (question.startsWith("GET"))
        {
            return question.substring(4) + (question.endsWith("ups.status") ? " \"OB LB\"\n" : " \"1\"\n");
        }
        return question.startsWith("STARTTLS") ? "OK STARTTLS\n" : "";
    }

    private void receive(final String text)
    {
        for (final byte next : text.getBytes(StandardCharsets.ISO_8859_1))
        {
            final LineBuffer.Outcome outcome = link.closed ? LineBuffer.Outcome.MORE : lines.add(next);
            if (outcome == LineBuffer.Outcome.LINE)
            {
                listener.onLine(lines.take());
            }
            else if (outcome == LineBuffer.Outcome.REFUSED)
            {
                lose();
            }
        }
    }

    private void lose()
    {
        link.closed = true;
        listener.onClosed("lost");
    }

    private void assertSane(final UpsStatus status)
    {
        assertThat(status.reason().isEmpty()).isEqualTo(status.state() != UpsState.UNKNOWN);
        assertThat(status.reason()).hasSizeLessThan(400).doesNotContainPattern("\\p{Cc}");
        assertThat(status.tokens()).hasSizeLessThan(250).doesNotContainPattern("\\p{Cc}");
        assertThat(status.chargePercent()).satisfiesAnyOf(
            charge -> assertThat(charge).isEqualTo(-1), charge -> assertThat(charge).isBetween(0.0, 1e9));
        assertThat(nowNs - status.sinceNs()).isNotNegative();
    }

    @Override
    public Link connect(final UpsConfig ups, final Listener hears)
    {
        connects++;
        link = new FakeLink();
        listener = hears;
        lines = new LineBuffer();
        connected = false;
        secured = false;
        return link;
    }
}
