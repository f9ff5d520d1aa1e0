package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Explorer;
import io.farblock.powersim.explore.FlawedCopies;
import io.farblock.powersim.explore.FlawedCopies.Kind;
import io.farblock.powersim.explore.StateId;
import io.farblock.powersim.explore.Violation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Arrays after every cut that the explorer makes of them; {@code -Drounds=N} makes N times as many. A violation names
 * the state, which {@code power-sim explore --replay} makes again.
 */
final class ArrayComponentTest
{
    private static final long ROUNDS = Long.getLong("rounds", 1);
    private static final int STATES = 2_200;
    private static final long MUTANT_STATES = 3_000;

    /** What nobody would miss, and why. */
    private static final Map<String, String> UNNEEDED = Map.of(
        "raid1 Membership.write < Membership.recordOnAll < Membership.even", "one of two is enough for the array",
        "raid6-journal StripeJournal.format", "a new journal is taken for none until the members know of its event",
        "raid6-journal StripeJournal.writeHead < StripeJournal.format", "as the flush before it",
        "raid6-journal RaidArray.flush < RaidArray.flushMembers < RaidArray.flush", "each write is in the journal",
        "raid6-journal RaidArray.flush < RaidArray.flushMembers < RaidArray.tick", "as for a flush that is asked for",
        "raid6-journal StripeJournal.writeHead < StripeJournal.reclaim",
        "what was replayed may be replayed again, and here the ring never fills up; CrashedArrayTest fills it");

    @TempDir
    private Path directory;

    static Stream<CrashComponent> arrays()
    {
        return Stream.of(
            new ArrayComponent.Mirror(), new ArrayComponent.Parity(), new ArrayComponent.Journaled());
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void shouldRecoverFromEveryState(final CrashComponent array) throws Exception
    {
        final Explorer explorer = new Explorer(array, directory).choicesAtMost(16);

        explorer.explore(1, STATES * ROUNDS);

        assertThat(explorer.violations()).isEmpty();
        assertThat(explorer.states()).isGreaterThanOrEqualTo(STATES * ROUNDS);
    }

    /** Two starts that were cut off, one after the other, left members two events behind. */
    @Test
    void shouldStartAgainAfterStartsThatWereCutOff() throws Exception
    {
        for (final String id : new String[] {"raid5:1:25:2/8:8/5:5", "raid5:1:27:1/5:35/5:5"})
        {
            assertThat(new Explorer(new ArrayComponent.Parity(), directory).replay(StateId.parse(id))).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void shouldMissEachFlush(final CrashComponent array) throws Exception
    {
        final FlawedCopies copies = new FlawedCopies(array, directory);
        for (final String site : copies.sites(Kind.NO_SYNC, 1))
        {
            if (UNNEEDED.keySet().stream().noneMatch((array.name() + " " + site.replaceAll(":\\d+", ""))::startsWith))
            {
                requireCaught(array, Kind.NO_SYNC, site);
            }
        }
    }

    /** Superblocks and bits of the bitmap that come after what they announce, data that come after their flush. */
    @ParameterizedTest
    @ValueSource(strings = {"MemberFormat.writeSuperblock", "MemberFormat.writeBitmapPage < Intent.writePage ",
        "Strips.write < Strips.write < Stripes.place"})
    void shouldNoticeWritesThatAreSwapped(final String what) throws Exception
    {
        final CrashComponent array = new ArrayComponent.Parity();

        final String site = new FlawedCopies(array, directory).sites(Kind.LATE_WRITE, 1).stream()
            .filter((each) -> each.replaceAll(":\\d+", "").startsWith(what)).findFirst().orElseThrow();

        requireCaught(array, Kind.LATE_WRITE, site);
    }

    private void requireCaught(final CrashComponent array, final Kind kind, final String site) throws Exception
    {
        final Optional<Violation> violation =
            new FlawedCopies(array, directory).explore(kind, site, 1, MUTANT_STATES * ROUNDS).caught();

        assertThat(violation).as("%s, %s at %s", array.name(), kind, site).isPresent();
        assertThat(new Explorer(array, directory, FlawedCopies.flaw(kind, site))
            .replay(violation.get().id()).map(Violation::what)).hasValue(violation.get().what());
    }
}
