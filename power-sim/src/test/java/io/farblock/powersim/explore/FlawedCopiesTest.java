package io.farblock.powersim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.powersim.explore.FlawedCopies.Kind;
import io.farblock.powersim.toy.ToyLog;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A write-ahead log that is right breaks no promise; without any one of its syncs, or with one too early, it does. */
class FlawedCopiesTest
{
    private static final int STATES = 500;

    @Test
    void shouldFindNothingInALogThatIsRight() throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            final Explorer explorer = new Explorer(new ToyLog(), scratch.directory()).explore(1, STATES);

            assertThat(explorer.violations()).isEmpty();
            assertThat(explorer.states()).isGreaterThanOrEqualTo(STATES);
        }
    }

    @Test
    void shouldMissEachSync() throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            final FlawedCopies copies = new FlawedCopies(new ToyLog(), scratch.directory());

            final Set<String> sites = copies.sites(Kind.NO_SYNC, 1);

            // four syncs, the two of a new log in a first one too, and all of them in recovery
            assertThat(sites).hasSize(10).allMatch(site -> site.startsWith("ToyLog$Store."));
            for (final String site : sites)
            {
                requireCaught(copies, scratch, Kind.NO_SYNC, site);
            }
        }
    }

    @Test
    void shouldMissAnEntryThatComesAfterItsSync() throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            final FlawedCopies copies = new FlawedCopies(new ToyLog(), scratch.directory());

            final Set<String> sites = copies.sites(Kind.LATE_WRITE, 1);

            final String entry = sites.stream().filter(site -> site.matches("ToyLog.Store.append.*ToyLog.run.*"))
                .findFirst().orElseThrow();
            requireCaught(copies, scratch, Kind.LATE_WRITE, entry);
        }
    }

    private static void requireCaught(
        final FlawedCopies copies, final Scratch scratch, final Kind kind, final String site) throws Exception
    {
        final Optional<Violation> caught = copies.explore(kind, site, 1, STATES).caught();
        assertThat(caught).as("without " + site).isPresent();
        final Optional<Violation> again = new Explorer(new ToyLog(), scratch.directory(),
            FlawedCopies.flaw(kind, site)).replay(caught.orElseThrow().id());
        assertThat(again.map(Violation::toString)).hasValue(caught.orElseThrow().toString());
    }
}
