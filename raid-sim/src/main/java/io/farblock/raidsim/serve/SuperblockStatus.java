package io.farblock.raidsim.serve;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.raidsim.config.ArrayConfig;
import io.farblock.raidsim.config.DiskConfig;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import io.farblock.raidsim.md.MemberRecord;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the superblocks say of an array that nobody serves. Opens the images for reading only, one after the other, on
 * the calling thread; changes nothing.
 */
public final class SuperblockStatus
{
    private final ArrayConfig config;
    private final Map<DiskConfig, Found.Member> members = new LinkedHashMap<>();
    private final Map<DiskConfig, String> others = new LinkedHashMap<>();

    private SuperblockStatus(final ArrayConfig config)
    {
        this.config = config;
    }

    /** @throws ServeException when no disk belongs to an array. */
    public static ArrayStatus read(final ArrayConfig config) throws ServeException
    {
        final SuperblockStatus reading = new SuperblockStatus(config);
        config.disks().forEach(reading::look);
        return reading.status();
    }

    private void look(final DiskConfig disk)
    {
        try (ImageDevice image = ImageDevice.look(disk))
        {
            final Found found = MemberFormat.read(image);
            if (found instanceof Found.Member member)
            {
                members.put(disk, member);
            }
            else
            {
                others.put(disk, "no member");
            }
        }
        catch (final DeviceException unreadable)
        {
            others.put(disk, "no image");
        }
    }

    private ArrayStatus status() throws ServeException
    {
        final Found.Member newest = members.values().stream()
            .max(Comparator.comparingLong((member) -> member.record().events())).orElseThrow(
                () -> new ServeException(ExitCode.NOT_NOW, "none of the disks of " + config.file() +
                    " belongs to an array; make one of them: raid-sim create " + config.file()));
        final List<DiskStatus> disks = new ArrayList<>();
        members.forEach((disk, member) -> disks.add(disk(disk, member, newest)));
        others.forEach((disk, why) -> disks.add(disk(disk, -1, why)));
        disks.sort(Comparator.comparingInt((disk) -> disk.slot() < 0 ? Integer.MAX_VALUE : disk.slot()));
        final long inSync = disks.stream().filter((disk) -> disk.state().equals("in sync")).count();
        final boolean isClean = newest.record().resyncOffsetBytes() == MemberRecord.CLEAN;
        final String reason = "not served; by the superblocks " + inSync + " of " + newest.array().raidDisks() +
            " members are in sync, and it was " + (isClean ? "" : "not ") + "stopped cleanly";
        return new ArrayStatus(newest.array(), List.of(), "not served", reason, ArrayStatus.Progress.NONE,
            ArrayStatus.Counters.NONE, disks, journal(), List.of());
    }

    /** Null for none. */
    private DiskStatus journal()
    {
        final DiskConfig journal = config.journal();
        return journal == null ? null :
            disk(journal, -1, Files.exists(journal.file()) ? "not served" : "no image");
    }

    private static DiskStatus disk(final DiskConfig disk, final Found.Member member, final Found.Member newest)
    {
        final MemberRecord record = member.record();
        if (!member.array().array().equals(newest.array().array()))
        {
            return disk(disk, -1, "of another array");
        }
        // superblocks are written one after the other: one event of difference is the present
        if (newest.record().events() - record.events() > 1)
        {
            return disk(disk, -1, "out of date");
        }
        final List<Integer> roles = newest.record().roles();
        final int role = record.number() < roles.size() ? roles.get(record.number()) : MdSuperblock.ROLE_FAULTY;
        if (role < newest.array().raidDisks())
        {
            return disk(disk, role, record.recoveryOffsetBytes() == MemberRecord.IN_SYNC ? "in sync" : "rebuilding");
        }
        return disk(disk, -1, role == MdSuperblock.ROLE_SPARE ? "spare" : "failed");
    }

    private static DiskStatus disk(final DiskConfig disk, final int slot, final String state)
    {
        return new DiskStatus(disk.name(), slot, state, state.equals("in sync") ? 100 : 0, 0, 0, false, 0,
            disk.model(), null);
    }
}
