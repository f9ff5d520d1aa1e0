package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Explorer;
import io.farblock.powersim.explore.Flaw;
import io.farblock.powersim.explore.FlawedCopies;
import io.farblock.powersim.explore.FlawedCopies.Kind;
import io.farblock.powersim.explore.Scratch;
import io.farblock.powersim.explore.Violation;
import io.farblock.replication.journal.JournalComponent;
import io.farblock.replication.marks.MarksComponent;
import io.farblock.replication.sim.QuietLog;
import io.farblock.replication.source.TablesComponent;
import io.farblock.replication.target.ReplicaComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything durable of this module after power cuts. {@code -Drounds=N} tries N times as many states; a violation
 * names the state, which {@code power-sim explore --replay} makes again. Without any sync that is not named here as
 * unneeded, a component breaks a promise.
 */
@ExtendWith(QuietLog.class)
final class CrashedComponentsTest
{
    private static final long ROUNDS = Long.getLong("rounds", 1);
    private static final long MUTANT_STATES = 4000;

    /** What nobody would miss, and why. */
    private static final Map<String, String> UNNEEDED = Map.ofEntries(
        Map.entry("tables ImageFile.create",
            "the record, written after it, makes the names durable, and the table's first sync its size"),
        Map.entry("tables DigestTree.sync < SourceTables.openFiles", "a new table has nothing but zeros"),
        Map.entry("tables RecordFile.write < SourceTables.openFiles",
            "a first record that is lost or torn is made anew"),
        Map.entry("tables RecordFile.syncDirectory < RecordFile.write < SourceTables.openFiles",
            "as the content of that record"),
        Map.entry("marks ImageFile.create",
            "the word that it is kept, given after it, makes the names durable, and its first round the size"),
        Map.entry("replica ImageFile.create", "as that of a source's table"),
        Map.entry("replica JournalSegment.mark", "whole records are applied without the mark; the journal misses it"),
        Map.entry("replica ReplicaVolume.flush < ReplicaVolume.admitSeed",
            "only where a first copy leaves one window for another: a volume of more than 1 GiB"),
        Map.entry("replica DigestTree.sync < ReplicaVolume.syncTable < ReplicaVolume.admitSeed",
            "as the flush before it"),
        Map.entry("replica RecordFile.syncDirectory < RecordFile.write < ReplicaVolume.admitSeed",
            "only where a table's pages leave its cache before the device is flushed: more than 32,768 blocks"),
        Map.entry("replica DigestTree.sync < ReplicaVolume.syncTable < ReplicaVolume.settleSeed",
            "until the sealed record is written the window has the range read again"));

    static Stream<Arguments> components()
    {
        return Stream.of(
            Arguments.of(new JournalComponent(), 1000),
            Arguments.of(new MarksComponent(), 1000),
            Arguments.of(new TablesComponent(), 1000),
            Arguments.of(new ReplicaComponent(), 600));
    }

    @ParameterizedTest
    @MethodSource("components")
    void shouldRecoverFromEveryState(final CrashComponent component, final int states) throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            final Explorer explorer = new Explorer(component, scratch.directory()).choicesAtMost(12);

            explorer.explore(1, states * ROUNDS);

            assertThat(explorer.violations()).isEmpty();
            assertThat(explorer.states()).isGreaterThanOrEqualTo(states * ROUNDS);
        }
    }

    static Stream<CrashComponent> parts()
    {
        return Stream.of(new JournalComponent(), new MarksComponent(), new TablesComponent());
    }

    @ParameterizedTest
    @MethodSource("parts")
    void shouldMissEachSync(final CrashComponent component) throws Exception
    {
        requireEachSync(component);
    }

    @Test
    @Tag("slow")
    void shouldMissEachSyncOfAWholeTarget() throws Exception
    {
        requireEachSync(new ReplicaComponent());
    }

    private static void requireEachSync(final CrashComponent component) throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            final FlawedCopies copies = new FlawedCopies(component, scratch.directory());
            final List<String> unmissed = new ArrayList<>();

            for (final String site : copies.sites(Kind.NO_SYNC, 1))
            {
                if (!isUnneeded(component, site))
                {
                    copies.explore(Kind.NO_SYNC, site, 1, MUTANT_STATES * ROUNDS).caught().ifPresentOrElse(
                        violation -> requireAgain(component, scratch, FlawedCopies.flaw(Kind.NO_SYNC, site), violation),
                        () -> unmissed.add(site));
                }
            }

            assertThat(unmissed).as("syncs that nobody misses").isEmpty();
        }
    }

    /** What is written after the sync that was to make it durable. */
    @Test
    void shouldNoticeWritesThatAreSwapped() throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            final CrashComponent component = new TablesComponent();
            final FlawedCopies copies = new FlawedCopies(component, scratch.directory());
            int caught = 0;

            for (final String site : copies.sites(Kind.LATE_WRITE, 1))
            {
                final Optional<Violation> violation = copies.explore(Kind.LATE_WRITE, site, 1, 150 * ROUNDS).caught();
                violation.ifPresent(
                    each -> requireAgain(component, scratch, FlawedCopies.flaw(Kind.LATE_WRITE, site), each));
                caught += violation.isPresent() ? 1 : 0;
            }

            assertThat(caught).as("swapped writes that were noticed").isPositive();
        }
    }

    /**
     * A round of marks has one flush, for its pages and its header: which of them is written first does not matter, any
     * may be there without the others. One that comes after the flush belongs to a word that is given without it.
     */
    @Test
    void shouldNoticeMarksThatComeAfterTheirFlush() throws Exception
    {
        try (Scratch scratch = Scratch.make())
        {
            final CrashComponent component = new MarksComponent();
            final FlawedCopies copies = new FlawedCopies(component, scratch.directory());

            final List<String> sites = copies.sites(Kind.LATE_WRITE, 1).stream()
                .filter(site -> site.startsWith("MarkFile.put:")).toList();

            assertThat(sites).hasSize(2).anyMatch(site -> site.contains("< MarkFile.writePage:"));
            for (final String site : sites)
            {
                final Optional<Violation> caught =
                    copies.explore(Kind.LATE_WRITE, site, 1, MUTANT_STATES * ROUNDS).caught();
                assertThat(caught).as("late: " + site).isPresent();
                requireAgain(component, scratch, FlawedCopies.flaw(Kind.LATE_WRITE, site), caught.orElseThrow());
            }
        }
    }

    private static void requireAgain(
        final CrashComponent component, final Scratch scratch, final Flaw flaw, final Violation violation)
    {
        try
        {
            final Optional<Violation> again =
                new Explorer(component, scratch.directory(), flaw).replay(violation.id());
            // directories have other names each time
            assertThat(again.map(each -> each.cause().getClass().getName()))
                .as("again: " + violation).hasValue(violation.cause().getClass().getName());
        }
        catch (final Exception ex)
        {
            throw new AssertionError("replay of " + violation, ex);
        }
    }

    private static boolean isUnneeded(final CrashComponent component, final String site)
    {
        final String name = component.name() + " " + site.replaceAll(":\\d+", "");
        return UNNEEDED.keySet().stream().anyMatch(name::startsWith);
    }
}
