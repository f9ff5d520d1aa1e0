package io.farblock.blockdev.raid;

import io.farblock.blockdev.raid.ArrayMember.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An array's state in one line for people: "rebuilding 41.2 % (sdc), 1 of 4 members missing". What goes on first, then
 * whatever else they should know. A pure function.
 */
final class ArrayReason
{
    /** What needs no mention beside "degraded". */
    private static final Set<String> UNREMARKABLE = Set.of("", "idle", "recover");

    private ArrayReason()
    {
    }

    static String of(final MdArray array)
    {
        final List<String> parts = new ArrayList<>();
        final ArrayState state = array.state();
        parts.add(headline(array, state));
        if (state == ArrayState.GONE || state == ArrayState.INACTIVE)
        {
            return parts.get(0);
        }
        if (array.missingMembers() > 0)
        {
            parts.add(array.missingMembers() + " of " + array.raidDisks() + " members missing");
        }
        array.members(Role.FAULTY).forEach((member) -> parts.add(member.name() + " failed"));
        if (state == ArrayState.DEGRADED && !UNREMARKABLE.contains(array.syncAction()))
        {
            parts.add(array.syncAction() + array.progress().text());
        }
        addHold(array, state, parts);
        for (final ArrayMember member : array.members())
        {
            if (!member.badBlocks().isEmpty())
            {
                parts.add("bad blocks on " + member.name() + " (" + amount(member.badBlocks()) + ")");
            }
        }
        return String.join(", ", parts);
    }

    /** Where on the member the first is, so that one who looks for it need not ask the kernel. */
    private static String amount(final List<ByteRange> ranges)
    {
        return ranges.stream().mapToLong(ByteRange::lengthBytes).sum() + " bytes in " + ranges.size() +
            (ranges.size() == 1 ? " place" : " places") + ", first at " + ranges.get(0).offsetBytes();
    }

    private static String headline(final MdArray array, final ArrayState state)
    {
        final String progress = array.progress().text();
        return switch (state)
        {
            case GONE -> "gone: there is no array " + array.name();
            case INACTIVE -> "inactive: not started, " + array.members().size() + " members found";
            case FAILED -> array.arrayState().equals("broken") ? "failed: the kernel refuses writes" :
                "failed: more members lost than it bears";
            case RESHAPING -> "reshaping" + progress;
            case REBUILDING -> "rebuilding" + progress + filled(array);
            case BUILDING -> "building" + progress + " (first sync, or after an unclean stop)";
            case DEGRADED -> "degraded";
            case CHECKING -> "checking" + progress + mismatches(array);
            case REPAIRING -> "repairing" + progress + mismatches(array);
            case READ_ONLY -> "read-only";
            case AUTO_READ_ONLY -> "read-only until the first write";
            case ACTIVE -> "active";
            case CLEAN -> "clean";
            case UNKNOWN -> "unknown: the kernel says \"" + array.arrayState() + "\" and \"" + array.syncAction() +
                "\"";
        };
    }

    private static String filled(final MdArray array)
    {
        final List<ArrayMember> rebuilding = array.members(Role.REBUILDING);
        final List<String> texts = array.members(Role.REPLACING).stream().map((member) -> replacement(array, member))
            .collect(Collectors.toCollection(ArrayList::new));
        rebuilding.forEach((member) -> texts.add(member.name()));
        return texts.isEmpty() ? "" : " (" + String.join(", ", texts) + ")";
    }

    private static String replacement(final MdArray array, final ArrayMember member)
    {
        return array.members(Role.IN_SYNC).stream().filter((other) -> other.slot() == member.slot()).findFirst()
            .map((other) -> member.name() + " replaces " + other.name()).orElse(member.name());
    }

    private static String mismatches(final MdArray array)
    {
        return array.mismatchSectors() > 0 ? ", " + array.mismatchSectors() + " sectors differ so far" : "";
    }

    /** What keeps the array from doing what it otherwise would, unless the headline has said so. */
    private static void addHold(final MdArray array, final ArrayState state, final List<String> parts)
    {
        if (array.arrayState().equals("readonly") && state != ArrayState.READ_ONLY)
        {
            parts.add("read-only");
        }
        if (array.syncAction().equals("frozen") && state != ArrayState.DEGRADED)
        {
            parts.add("recovery is frozen");
        }
        if (array.resyncPending() && (state == ArrayState.AUTO_READ_ONLY || state == ArrayState.READ_ONLY))
        {
            parts.add("resync pending");
        }
    }
}
