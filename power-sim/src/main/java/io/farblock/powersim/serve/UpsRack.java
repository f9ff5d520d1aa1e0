package io.farblock.powersim.serve;

import io.farblock.powersim.nut.NutSource;
import io.farblock.powersim.scenario.Scenario;
import io.farblock.powersim.scenario.ScenarioRun;
import io.farblock.powersim.ups.Communication;
import io.farblock.powersim.ups.SimUps;
import io.farblock.powersim.ups.UpsSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.agrona.concurrent.NanoClock;

/**
 * The UPSes of a server, what is happening to them, and their common time. Everybody who asks or changes one first
 * brings all of them to the present. Any thread; one at a time.
 */
final class UpsRack implements NutSource
{
    private static final int MOST_EVENTS = 12;

    private final Map<String, SimUps> upses = new LinkedHashMap<>();
    private final List<ScenarioRun> runs = new ArrayList<>();
    private final Deque<UpsEvent> events = new ArrayDeque<>();
    private final Map<String, String> lastStatus = new LinkedHashMap<>();
    private final SpeedClock clock;

    UpsRack(final List<UpsSpec> specs, final NanoClock clock, final double speed)
    {
        this.clock = new SpeedClock(clock, speed);
        specs.forEach((spec) -> upses.put(spec.name(), new SimUps(spec, 0)));
        upses.values().forEach((ups) -> lastStatus.put(ups.spec().name(), ups.status()));
    }

    @Override
    public List<String> names()
    {
        return List.copyOf(upses.keySet());
    }

    @Override
    public synchronized <T> T ask(final String name, final Function<SimUps, T> question)
    {
        advance();
        final T answer = question.apply(upses.get(name));
        note();
        return answer;
    }

    /** What any of them is told to do concerns all: they have one server. */
    @Override
    public synchronized Communication communication()
    {
        advance();
        final Collection<SimUps> all = upses.values();
        for (final Communication kind : List.of(Communication.REFUSE, Communication.HANG))
        {
            if (all.stream().anyMatch((ups) -> ups.communication() == kind))
            {
                return kind;
            }
        }
        return Communication.GOOD;
    }

    /** Begins now, beside what is happening already. */
    synchronized void run(final Scenario scenario)
    {
        advance();
        runs.add(new ScenarioRun(scenario, upses.values(), clock.nowNs(),
            (text, timeNs) -> remember(new UpsEvent(timeNs, text))));
        advance();
    }

    private void advance()
    {
        final long nowNs = clock.nowNs();
        while (true)
        {
            final ScenarioRun next = runs.stream().min(Comparator.comparingLong(ScenarioRun::nextNs)).orElse(null);
            if (next == null || next.nextNs() > nowNs)
            {
                break;
            }
            next.advanceTo(next.nextNs());
            note();
        }
        runs.removeIf(ScenarioRun::isOver);
        upses.values().forEach((ups) -> ups.advanceTo(Math.max(ups.nowNs(), nowNs)));
        note();
    }

    private void note()
    {
        for (final SimUps ups : upses.values())
        {
            final String status = ups.status();
            if (!status.equals(lastStatus.put(ups.spec().name(), status)))
            {
                remember(new UpsEvent(ups.nowNs(), ups.spec().name() + ": " + status));
            }
        }
    }

    private void remember(final UpsEvent event)
    {
        if (events.size() == MOST_EVENTS)
        {
            events.removeFirst();
        }
        events.addLast(event);
    }

    synchronized void speed(final double speed)
    {
        clock.speed(speed);
    }

    List<UpsSpec> specs()
    {
        return upses.values().stream().map(SimUps::spec).toList();
    }

    /** All of it at one moment. */
    synchronized RackStatus status(final List<String> addresses)
    {
        advance();
        return new RackStatus(clock.nowNs(), clock.speed(), addresses,
            upses.values().stream().map(UpsStatus::of).toList(), List.copyOf(events));
    }
}
