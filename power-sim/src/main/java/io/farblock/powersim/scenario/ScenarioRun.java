package io.farblock.powersim.scenario;

import io.farblock.powersim.ups.SimUps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.ObjLongConsumer;

/**
 * A scenario on its way through its UPSes. Whoever owns those steps it instead of them: it takes them to each moment at
 * which something happens, then to the present. Not thread safe.
 */
public final class ScenarioRun
{
    /** Something that is due; {@code number} decides between equals: the order in which it became known. */
    private record Due(long timeNs, long number, String text, Runnable what)
    {
    }

    private final Collection<SimUps> upses;
    private final ObjLongConsumer<String> log;
    private final PriorityQueue<Due> queue = new PriorityQueue<>((a, b) ->
        a.timeNs != b.timeNs ? Long.compare(a.timeNs, b.timeNs) : Long.compare(a.number, b.number));
    private long number;

    /**
     * @param log is told what happened, with the time.
     */
    public ScenarioRun(final Scenario scenario, final Collection<SimUps> upses, final long beginNs,
        final ObjLongConsumer<String> log)
    {
        this.upses = List.copyOf(upses);
        this.log = log;
        final SplittableRandom random = new SplittableRandom(scenario.seed());
        // each event has its own lots, so that one more event leaves the others when they were
        scenario.events().forEach((event) -> occur(event, 0, beginNs, random.split()));
    }

    private void occur(final ScenarioEvent event, final int time, final long beginNs, final SplittableRandom random)
    {
        final long jitterNs = event.jitterNs() == 0 ? 0 : random.nextLong(event.jitterNs() + 1);
        add(beginNs + event.atNs() + time * event.everyNs() + jitterNs, event.text(), () ->
        {
            final List<Runnable> undo = new ArrayList<>();
            upses.stream().filter((ups) -> event.ups() == null || event.ups().equals(ups.spec().name()))
                .forEach((ups) -> undo.add(event.action().on(ups)));
            if (event.forNs() > 0)
            {
                add(nowNs() + event.forNs(), event.text() + " is over", () -> undo.forEach(Runnable::run));
            }
            if (time + 1 < event.times())
            {
                occur(event, time + 1, beginNs, random);
            }
        });
    }

    private long nowNs()
    {
        return upses.iterator().next().nowNs();
    }

    private void add(final long timeNs, final String text, final Runnable what)
    {
        queue.add(new Due(timeNs, number++, text, what));
    }

    /** When something happens next; {@link Long#MAX_VALUE} when nothing does. */
    public long nextNs()
    {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().timeNs;
    }

    public boolean isOver()
    {
        return queue.isEmpty();
    }

    /** Lets everything happen that is due by then, and takes the UPSes there. */
    public void advanceTo(final long nowNs)
    {
        while (nextNs() <= nowNs)
        {
            final Due due = queue.poll();
            upses.forEach((ups) -> ups.advanceTo(Math.max(ups.nowNs(), due.timeNs)));
            due.what.run();
            log.accept(due.text, due.timeNs);
        }
        // another run may have taken them further
        upses.forEach((ups) -> ups.advanceTo(Math.max(ups.nowNs(), nowNs)));
    }
}
