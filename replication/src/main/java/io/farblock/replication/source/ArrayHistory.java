package io.farblock.replication.source;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.ArrayMember.Role;
import io.farblock.blockdev.raid.ArrayState;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.replication.status.SourceStatus.ArrayChange;
import io.farblock.replication.status.SourceStatus.ArrayStatus;
import io.farblock.replication.status.SourceStatus.BadBlocks;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the array below a volume, as far as its looks show: who does not look just then still learns that a
 * disk was gone. Keeps the last {@value #KEPT} changes and logs each. How far a rebuild came is no change, nor is
 * whether somebody writes; that bad blocks become more is one each time that their number doubles.
 *
 * <p>One thread looks, any reads the changes. Ends with the process; the log has what was before.
 */
final class ArrayHistory
{
    static final int KEPT = 32;

    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");
    private static final String UNKNOWN = ArrayState.UNKNOWN.name().toLowerCase(Locale.ROOT);
    private static final int RANGES_SHOWN = 16;
    /** All that somebody wants of an array, or does with it on purpose. */
    private static final Set<ArrayState> WELL = EnumSet.of(ArrayState.CLEAN, ArrayState.ACTIVE, ArrayState.CHECKING,
        ArrayState.REPAIRING, ArrayState.READ_ONLY, ArrayState.AUTO_READ_ONLY);

    private final String volume;
    private volatile List<ArrayChange> changes = List.of();
    private String state = "";
    private String situation = "";

    ArrayHistory(final String volume)
    {
        this.volume = volume;
    }

    /** Notes what is new since the last look. */
    void look(final Optional<MdArray> found, final long nowMs)
    {
        if (found.isEmpty() && state.isEmpty())
        {
            return;
        }
        final ArrayState now = found.map(MdArray::state).orElse(ArrayState.GONE);
        final boolean well = WELL.contains(now) && found.get().members().stream().allMatch(ArrayHistory::isWell);
        final String seen = found.map(ArrayHistory::situationOf).orElse(word(now));
        if (!seen.equals(situation) && !(well && state.isEmpty()))
        {
            note(new ArrayChange(nowMs, state.isEmpty() ? UNKNOWN : state, word(now),
                found.map(MdArray::reason).orElse("gone: its device is no array any more")), well);
        }
        state = word(now);
        situation = seen;
    }

    private void note(final ArrayChange change, final boolean well)
    {
        final List<ArrayChange> kept = new ArrayList<>(changes);
        kept.add(change);
        changes = List.copyOf(kept.subList(Math.max(0, kept.size() - KEPT), kept.size()));
        if (well)
        {
            LOG.info("volume={} array={} was={} reason=\"{}\"", volume, change.to(), change.from(), change.reason());
        }
        else
        {
            LOG.warn("volume={} array={} was={} reason=\"{}\"", volume, change.to(), change.from(), change.reason());
        }
    }

    /** The last changes, oldest first. */
    List<ArrayChange> changes()
    {
        return changes;
    }

    /** The array as status shows it. */
    static ArrayStatus statusOf(final MdArray array)
    {
        return new ArrayStatus(array.name(), word(array.state()), array.reason(), array.members().stream()
            .filter(member -> !member.badBlocks().isEmpty()).map(ArrayHistory::badBlocksOf).toList());
    }

    private static BadBlocks badBlocksOf(final ArrayMember member)
    {
        final List<ByteRange> all = member.badBlocks();
        return new BadBlocks(member.name(), all.stream().mapToLong(ByteRange::lengthBytes).sum(), all.size(),
            List.copyOf(all.subList(0, Math.min(RANGES_SHOWN, all.size()))));
    }

    private static boolean isWell(final ArrayMember member)
    {
        return member.badBlocks().isEmpty() && member.role() != Role.FAULTY;
    }

    /** Equal as long as nothing happens that an operator should hear of. */
    private static String situationOf(final MdArray array)
    {
        // an array turns active and clean with every pause of its writers
        final ArrayState state = array.state() == ArrayState.ACTIVE ? ArrayState.CLEAN : array.state();
        return state + " " + array.missingMembers() + array.members().stream().map((member) -> " " + member.name() +
            " " + member.slot() + " " + member.role() + " " + magnitude(member.badBlocks().size())).sorted()
            .collect(Collectors.joining());
    }

    private static int magnitude(final int count)
    {
        return Integer.highestOneBit(count);
    }

    private static String word(final ArrayState state)
    {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
