package io.farblock.powersim.explore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The proof that a component's syncs are needed, and that the explorer would miss them: each place that makes something
 * durable is found, and taken away from all lives of a copy of the component that is explored. One thread.
 */
public final class SyncMutants
{
    private static final int STATES_TO_LIST = 200;
    private static final int CHOICES = 5;

    private final CrashComponent component;
    private final Path scratch;

    public SyncMutants(final CrashComponent component, final Path scratch)
    {
        this.component = component;
        this.scratch = scratch;
    }

    /**
     * One that lacks a sync.
     *
     * @param site   where it was called from, innermost first.
     * @param caught the first violation; empty when all states that were tried were recovered from all the same.
     * @param states that were tried.
     */
    public record Mutant(String site, Optional<Violation> caught, long states)
    {
    }

    /** Without the sync of one site. */
    public static Flaw without(final String site)
    {
        return new Flaw()
        {
            @Override
            public boolean ignoresSync(final String asked)
            {
                return asked.equals(site);
            }
        };
    }

    /** Where something is made durable, in lives of the component and recoveries from them. */
    public Set<String> sites(final long firstSeed) throws Exception
    {
        final Set<String> sites = new LinkedHashSet<>();
        final Flaw list = new Flaw()
        {
            @Override
            public boolean ignoresSync(final String site)
            {
                sites.add(site);
                return false;
            }
        };
        new Explorer(component, scratch, list).choicesAtMost(CHOICES).explore(firstSeed, STATES_TO_LIST);
        return sites;
    }

    /** Explores one mutant after the other, each until it is caught or so many states were tried. */
    public List<Mutant> explore(final long firstSeed, final long statesEach) throws Exception
    {
        final List<Mutant> mutants = new ArrayList<>();
        for (final String site : sites(firstSeed))
        {
            mutants.add(explore(site, firstSeed, statesEach));
        }
        return mutants;
    }

    /** Explores the one without this site's sync. */
    public Mutant explore(final String site, final long firstSeed, final long statesEach) throws Exception
    {
        final Explorer explorer = new Explorer(component, scratch, without(site)).violationsAtMost(1)
            .choicesAtMost(CHOICES);
        explorer.explore(firstSeed, statesEach);
        return new Mutant(site, explorer.violations().stream().findFirst(), explorer.states());
    }
}
