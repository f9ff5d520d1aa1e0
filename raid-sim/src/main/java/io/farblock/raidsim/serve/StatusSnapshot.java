package io.farblock.raidsim.serve;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.raidsim.array.ArrayEvent;
import io.farblock.raidsim.array.StripeCounters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Puts what a running array and its disks say together. On any thread; each part is of a moment of its own. */
final class StatusSnapshot
{
    private static final int EVENTS_SHOWN = 8;
    private static final int SECTOR_BYTES = 512;

    private StatusSnapshot()
    {
    }

    static ArrayStatus of(final ServedArray served, final List<String> exports)
    {
        final MdArray now = served.array().describe();
        final List<ArrayEvent> events = served.array().events();
        final StripeCounters counters = served.array().counters();
        return new ArrayStatus(served.array().description(), exports, word(now.state()), now.reason(),
            new ArrayStatus.Progress(now.syncAction().isEmpty() ? "idle" : now.syncAction(),
                now.progress().doneSectors() * SECTOR_BYTES, now.progress().totalSectors() * SECTOR_BYTES,
                now.progress().speedKibS() * 1024, served.limitBytesPerSecond(),
                Math.max(0, now.mismatchSectors()) * SECTOR_BYTES),
            new ArrayStatus.Counters(counters.fullStripes(), counters.readModifyWrites(),
                counters.reconstructWrites(), counters.reconstructedBytes()),
            disks(served, now), journal(served.rack().journal(), now),
            events.subList(Math.max(0, events.size() - EVENTS_SHOWN), events.size()));
    }

    private static String word(final Enum<?> state)
    {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<DiskStatus> disks(final ServedArray served, final MdArray now)
    {
        final List<DiskStatus> disks = new ArrayList<>();
        for (final DiskBay bay : served.rack().disks())
        {
            final ArrayMember member = now.members().stream()
                .filter((candidate) -> candidate.name().equals(bay.name())).findFirst().orElse(null);
            disks.add(disk(bay, member, now));
        }
        disks.sort(Comparator.comparingInt((disk) -> disk.slot() < 0 ? Integer.MAX_VALUE : disk.slot()));
        return disks;
    }

    /** Null for none. */
    private static DiskStatus journal(final DiskBay bay, final MdArray now)
    {
        return bay == null ? null : new DiskStatus(bay.name(), -1,
            now.consistencyPolicy().equals("journal") ? "in use" : "given up", 0, 0, 0, bay.isPulled(),
            bay.disk().hitCount(), bay.config().model(), bay.disk().smart());
    }

    private static DiskStatus disk(final DiskBay bay, final ArrayMember member, final MdArray now)
    {
        final ArrayMember.Role role = member == null ? ArrayMember.Role.UNKNOWN : member.role();
        final double filled = Math.max(0, now.progress().percent());
        return new DiskStatus(bay.name(), member == null ? -1 : member.slot(), word(role),
            switch (role)
            {
                case IN_SYNC -> 100;
                case REBUILDING, REPLACING -> filled;
                default -> 0;
            },
            member == null ? 0 : member.errors(),
            member == null ? 0 : member.badBlocks().stream().mapToLong(ByteRange::lengthBytes).sum(),
            bay.isPulled(), bay.disk().hitCount(), bay.config().model(), bay.disk().smart());
    }

    private static String word(final ArrayMember.Role role)
    {
        return switch (role)
        {
            case IN_SYNC -> "in sync";
            case REBUILDING -> "rebuilding";
            case REPLACING -> "replacing";
            case SPARE -> "spare";
            case FAULTY -> "failed";
            default -> "unused";
        };
    }
}
