package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsState;
import io.farblock.daemon.power.UpsStatus;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one UPS in view: connects, holds the session, and after a failure tries again, each time after twice the wait
 * of the time before, up to a limit. Only a connection that has lasted for more than one answer makes the wait short
 * again: one that breaks at every first question is asked as seldom as one that is not there.
 *
 * <p>Stepped by one thread, which also makes all calls from the network. Logs changes, not polls.
 */
final class NutWatch
{
    static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(5);
    static final long SHORTEST_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(500);
    static final long LONGEST_WAIT_NS = TimeUnit.SECONDS.toNanos(10);
    /** A reason that changes while the UPS stays unknown is worth a line, but not more than this often. */
    private static final long REASON_NS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(NutWatch.class);

    private final UpsConfig ups;
    private final NutNetwork network;
    private final NanoClock clock;
    private final LastWord word;
    private Attempt current;
    private boolean oneByOne;
    private long waitNs = SHORTEST_WAIT_NS;
    private long nextNs;
    private UpsStatus logged;
    private long loggedNs;

    NutWatch(final UpsConfig ups, final NutNetwork network, final NanoClock clock)
    {
        this.ups = ups;
        this.network = network;
        this.clock = clock;
        this.nextNs = clock.nanoTime();
        this.word = new LastWord(ups, nextNs);
        this.logged = word.at(nextNs);
        // The first reason is told at once.
        this.loggedNs = nextNs - REASON_NS;
    }

    /** Any thread. */
    UpsStatus status()
    {
        return word.at(clock.nanoTime());
    }

    void step()
    {
        final long nowNs = clock.nanoTime();
        if (current != null)
        {
            current.step(nowNs);
        }
        else if (nowNs - nextNs >= 0)
        {
            current = new Attempt(nowNs + CONNECT_NS);
            current.link = network.connect(ups, current);
        }
        logChange(nowNs);
    }

    /** Something that should not happen happened in here: the connection is given up as any other. */
    void broken(final RuntimeException unexpected)
    {
        LOG.error("ups={} state=broken", ups.name(), unexpected);
        lost("it could not be watched: " + unexpected);
    }

    void close()
    {
        if (current != null && current.link != null)
        {
            current.link.close();
        }
        current = null;
    }

    private void lost(final String reason)
    {
        close();
        nextNs = clock.nanoTime() + waitNs;
        waitNs = Math.min(2 * waitNs, LONGEST_WAIT_NS);
        word.silent(reason);
    }

    private void logChange(final long nowNs)
    {
        final UpsStatus now = word.at(nowNs);
        final boolean changed = logged.state() != now.state() || logged.replaceBattery() != now.replaceBattery();
        final boolean otherReason = !logged.reason().equals(now.reason()) && nowNs - loggedNs >= REASON_NS;
        if (!changed && !otherReason)
        {
            return;
        }
        log(logged.state().text(), now);
        logged = now;
        loggedNs = nowNs;
    }

    private void log(final String was, final UpsStatus now)
    {
        if (now.state() == UpsState.UNKNOWN)
        {
            LOG.warn("ups={} state={} was={} server={}:{} reason=\"{}\"", ups.name(), now.state().text(), was,
                ups.host(), ups.port(), now.reason());
        }
        else if (now.state() == UpsState.ONLINE && !now.replaceBattery())
        {
            LOG.info("ups={} state={} was={} words=\"{}\"", ups.name(), now.state().text(), was, now.tokens());
        }
        else
        {
            LOG.warn("ups={} state={} was={} words=\"{}\" charge={} runtime_s={} load={}", ups.name(),
                now.state().text(), was, now.tokens(), now.chargePercent(),
                now.runtimeNs() < 0 ? -1 : TimeUnit.NANOSECONDS.toSeconds(now.runtimeNs()), now.loadPercent());
        }
    }

    /** One connection, from the attempt to its end. What comes from one that was given up is nobody's. */
    private final class Attempt implements NutNetwork.Listener, NutSession.Listener
    {
        private final long deadlineNs;
        private NutNetwork.Link link;
        private NutSession session;
        private int answers;

        Attempt(final long deadlineNs)
        {
            this.deadlineNs = deadlineNs;
        }

        void step(final long nowNs)
        {
            if (session != null)
            {
                session.step(nowNs);
            }
            else if (nowNs - deadlineNs >= 0)
            {
                lost("cannot connect to " + server() + " within " + TimeUnit.NANOSECONDS.toSeconds(CONNECT_NS) + " s");
            }
        }

        @Override
        public void onConnected()
        {
            if (current == this)
            {
                session = new NutSession(ups, link, this, oneByOne);
                session.begin(clock.nanoTime());
            }
        }

        @Override
        public void onLine(final String line)
        {
            if (current == this && session != null)
            {
                session.onLine(line, clock.nanoTime());
            }
        }

        @Override
        public void onSecured()
        {
            if (current == this && session != null)
            {
                session.onSecured(clock.nanoTime());
            }
        }

        @Override
        public void onClosed(final String reason)
        {
            if (current == this)
            {
                lost(server() + ": " + reason);
            }
        }

        @Override
        public void onAnswer(final UpsAnswer answer)
        {
            word.heard(answer, clock.nanoTime());
            answered();
        }

        @Override
        public void onRefused(final String reason)
        {
            word.silent(server() + ": " + reason);
            answered();
        }

        @Override
        public void onFailed(final String reason)
        {
            oneByOne = session.isOneByOne();
            lost(server() + ": " + reason);
        }

        private void answered()
        {
            oneByOne = session.isOneByOne();
            if (++answers > 1)
            {
                waitNs = SHORTEST_WAIT_NS;
            }
        }

        private String server()
        {
            return ups.host() + ":" + ups.port();
        }
    }
}
