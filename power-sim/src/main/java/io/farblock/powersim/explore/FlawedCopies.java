package io.farblock.powersim.explore;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The proof that what a component does for its durability is needed, and that the explorer would miss it: copies of the
 * component, each of which lacks one sync in all of its lives, or writes something too late. One thread.
 */
public final class FlawedCopies
{
    private static final int STATES_TO_LIST = 200;
    private static final int CHOICES = 5;

    private final CrashComponent component;
    private final Path scratch;

    public FlawedCopies(final CrashComponent component, final Path scratch)
    {
        this.component = component;
        this.scratch = scratch;
    }

    /** What a copy does wrong, at one site. */
    public enum Kind
    {
        /** What is to be durable is not. */
        NO_SYNC,
        /** What is written comes after the next thing that is made durable: two writes, swapped. */
        LATE_WRITE
    }

    /**
     * What came of one copy.
     *
     * @param caught the first violation; empty when all states that were tried were recovered from all the same.
     * @param states that were tried.
     */
    public record Outcome(Optional<Violation> caught, long states)
    {
    }

    /** The flaw of a copy. */
    public static Flaw flaw(final Kind kind, final String site)
    {
        return new Flaw()
        {
            @Override
            public boolean ignoresSync(final String asked)
            {
                return kind == Kind.NO_SYNC && asked.equals(site);
            }

            @Override
            public boolean delaysWrite(final String asked)
            {
                return kind == Kind.LATE_WRITE && asked.equals(site);
            }
        };
    }

    /** Where a copy may have such a flaw: in some lives of the component and recoveries from them. */
    public Set<String> sites(final Kind kind, final long firstSeed) throws Exception
    {
        final Set<String> sites = new LinkedHashSet<>();
        final Flaw list = new Flaw()
        {
            @Override
            public boolean ignoresSync(final String site)
            {
                if (kind == Kind.NO_SYNC)
                {
                    sites.add(site);
                }
                return false;
            }

            @Override
            public boolean delaysWrite(final String site)
            {
                if (kind == Kind.LATE_WRITE)
                {
                    sites.add(site);
                }
                return false;
            }
        };
        new Explorer(component, scratch, list).choicesAtMost(CHOICES).explore(firstSeed, STATES_TO_LIST);
        return sites;
    }

    /** Explores a copy until it is caught or so many states were tried. */
    public Outcome explore(final Kind kind, final String site, final long firstSeed, final long states) throws Exception
    {
        final Explorer explorer = new Explorer(component, scratch, flaw(kind, site)).violationsAtMost(1)
            .choicesAtMost(CHOICES);
        explorer.explore(firstSeed, states);
        return new Outcome(explorer.violations().stream().findFirst(), explorer.states());
    }
}
