package io.farblock.powersim.explore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.agrona.collections.LongHashSet;

/**
 * Tries what power cuts leave of one component: runs it, cuts at every edge of the trace, recovers from what is left.
 * States that are the same, facts included, are tried and counted once. Of some recoveries the trace is cut as well,
 * and of some of those again.
 *
 * <p>One thread. A component that fails while it runs, before any cut, throws what it threw.
 */
public final class Explorer
{
    /** After so many violations there is enough to look at. */
    private static final int VIOLATIONS_MAX = 5;
    private static final int EXHAUSTIVE_UP_TO = 64;
    private static final int TORN_BESIDES = 6;
    private static final int SAMPLES = 20;
    private static final int SAMPLES_IN_RECOVERY = 3;
    private static final int DEEPER_ONE_IN = 24;
    private static final int CUTS_MAX = 3;
    private static final int BARREN_RUNS_MAX = 20;

    private final CrashComponent component;
    private final Path scratch;
    private final Flaw flaw;
    private final LongHashSet seen = new LongHashSet();
    private final List<Violation> violations = new ArrayList<>();
    private Consumer<Explorer> progress = explorer -> { };
    private int violationsMax = VIOLATIONS_MAX;
    private long choicesMax = Long.MAX_VALUE;
    private long wanted;
    private long lives;
    private long cuts;

    /** @param scratch where directories are made and removed, in memory if possible. */
    public Explorer(final CrashComponent component, final Path scratch)
    {
        this(component, scratch, Flaw.NONE);
    }

    /** With something that is wrong in each life of the component. */
    public Explorer(final CrashComponent component, final Path scratch, final Flaw flaw)
    {
        this.component = component;
        this.scratch = scratch;
        this.flaw = flaw;
    }

    /** Calls back after each state. */
    public Explorer onProgress(final Consumer<Explorer> listener)
    {
        progress = listener;
        return this;
    }

    /** Stops after so many violations; {@value #VIOLATIONS_MAX} unless told otherwise. */
    public Explorer violationsAtMost(final int most)
    {
        violationsMax = most;
        return this;
    }

    /** Tries at most so many choices of a cut, others at each cut: sees more lives in as many states. */
    public Explorer choicesAtMost(final int most)
    {
        choicesMax = most;
        return this;
    }

    /** Goes on until there are so many states in all, with seeds from {@code firstSeed} on. */
    public Explorer explore(final long firstSeed, final long states) throws Exception
    {
        wanted = states;
        long barren = 0;
        for (long seed = firstSeed; !isEnough() && barren < BARREN_RUNS_MAX; seed++)
        {
            final long before = states();
            cut(life(seed), new StateId(component.name(), seed, List.of()));
            barren = states() > before ? 0 : barren + 1;
        }
        return this;
    }

    /**
     * Makes one state again and recovers from it; empty when nothing is broken. Where the state lies behind a recovery
     * that fails already, that one's violation.
     *
     * @throws IllegalArgumentException when there is no such state; the message says what there is.
     */
    public Optional<Violation> replay(final StateId id) throws Exception
    {
        wanted = Long.MAX_VALUE;
        Event.Trace trace = life(id.seed());
        StateId now = new StateId(id.component(), id.seed(), List.of());
        final int before = violations.size();
        for (final StateId.Cut cut : id.cuts())
        {
            now = now.then(cut.at(), cut.choice());
            trace = recover(stateAt(trace, now), now);
            if (trace == null)
            {
                return Optional.of(violations.get(before));
            }
        }
        return Optional.empty();
    }

    public CrashComponent component()
    {
        return component;
    }

    /** Distinct ones, so far. */
    public long states()
    {
        return seen.size();
    }

    /** How often the component was run from new on. */
    public long lives()
    {
        return lives;
    }

    /** At how many places the power went. */
    public long cuts()
    {
        return cuts;
    }

    /** The first ones; empty when every state was recovered from as it should be. */
    public List<Violation> violations()
    {
        return List.copyOf(violations);
    }

    /** What one cut left. */
    private record State(Image image, List<Object> facts)
    {
        long hash()
        {
            long hash = image.hash();
            for (final Object fact : facts)
            {
                hash = Page.mixed(hash, fact.hashCode());
            }
            return hash;
        }
    }

    private boolean isEnough()
    {
        return states() >= wanted || violations.size() >= violationsMax;
    }

    private Event.Trace life(final long seed) throws Exception
    {
        lives++;
        try (Media media = new Media(Image.empty(), List.of(), freshDirectory(), flaw))
        {
            component.run(media, new Witness(List.of(), media::noted), new SplittableRandom(seed));
            media.look();
            return media.trace();
        }
    }

    /** Cuts a trace wherever a cut can leave what none before it could. */
    private void cut(final Event.Trace trace, final StateId id) throws IOException
    {
        final Pending pending = new Pending(trace.before());
        final List<Object> facts = new ArrayList<>(trace.factsBefore());
        boolean isNew = !id.cuts().isEmpty() || !facts.isEmpty();
        for (int at = 0; at <= trace.events().size() && !isEnough(); at++)
        {
            final Event event = at < trace.events().size() ? trace.events().get(at) : null;
            if (event == null || event.isEdge())
            {
                if (isNew)
                {
                    cuts++;
                    choose(pending, facts, id, at);
                }
                // what a sync makes durable leaves fewer possibilities, all of which were there before it
                isNew = event instanceof Event.Noted;
            }
            else
            {
                isNew = true;
            }
            apply(event, pending, facts);
        }
    }

    private static void apply(final Event event, final Pending pending, final List<Object> facts)
    {
        if (event instanceof Event.Noted noted)
        {
            facts.add(noted.fact());
        }
        else if (event != null)
        {
            pending.apply(event);
        }
    }

    private void choose(final Pending pending, final List<Object> facts, final StateId id, final int at)
        throws IOException
    {
        final List<Lot> lots = pending.lots();
        final long possibilities = Fate.possibilities(lots, EXHAUSTIVE_UP_TO);
        final long all = lots.isEmpty() ? 1 :
            possibilities <= EXHAUSTIVE_UP_TO ? possibilities + TORN_BESIDES : SAMPLES;
        final long most = id.cuts().isEmpty() ? choicesMax : Math.min(choicesMax, SAMPLES_IN_RECOVERY);
        // where not all, then some that are spread over all that there are
        final long step = Math.max(1, all / most);
        final long first = Math.floorMod(at + id.seed(), step);
        for (long choice = first; choice < all && !isEnough(); choice += step)
        {
            final StateId stateId = id.then(at, choice);
            final State state = state(pending, lots, facts, stateId);
            final long hash = state.hash();
            if (seen.add(hash))
            {
                final Event.Trace recovery = recover(state, stateId);
                progress.accept(this);
                if (recovery != null && stateId.cuts().size() < CUTS_MAX &&
                    Math.floorMod(Page.mixed(hash, at), DEEPER_ONE_IN) == 0)
                {
                    cut(recovery, stateId);
                }
            }
        }
    }

    private static State state(
        final Pending pending, final List<Lot> lots, final List<Object> facts, final StateId id)
    {
        final Image image = pending.image();
        final StateId.Cut cut = id.cuts().get(id.cuts().size() - 1);
        Fate.apply(image, lots, cut.choice(), EXHAUSTIVE_UP_TO, Page.mixed(id.seed(), cut.at()));
        return new State(image, List.copyOf(facts));
    }

    private static State stateAt(final Event.Trace trace, final StateId id)
    {
        final Pending pending = new Pending(trace.before());
        final List<Object> facts = new ArrayList<>(trace.factsBefore());
        final int at = id.cuts().get(id.cuts().size() - 1).at();
        if (at > trace.events().size())
        {
            throw new IllegalArgumentException(id + ": there is no cut " + at + ", the run has " +
                trace.events().size() + " events; was it found by another version?");
        }
        trace.events().subList(0, at).forEach(event -> apply(event, pending, facts));
        return state(pending, pending.lots(), facts, id);
    }

    /** The trace of the recovery; null when it failed. */
    private Event.Trace recover(final State state, final StateId id) throws IOException
    {
        final Media survived = new Media(state.image(), state.facts(), freshDirectory(), flaw);
        try (survived)
        {
            component.recover(survived, new Witness(state.facts(), survived::noted));
            survived.look();
            return survived.trace();
        }
        catch (final OutOfMemoryError ex)
        {
            throw ex;
        }
        catch (final Throwable ex)
        {
            // whatever it is: where a component cannot recover, a promise is broken
            violations.add(new Violation(id, ex instanceof BrokenPromise || ex instanceof AssertionError ?
                String.valueOf(ex.getMessage()) : ex.toString(), ex));
            return null;
        }
    }

    private Path freshDirectory()
    {
        return scratch.resolve("media");
    }
}
