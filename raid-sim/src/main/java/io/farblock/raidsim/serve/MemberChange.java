package io.farblock.raidsim.serve;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.powersim.command.Answer;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import io.farblock.raidsim.array.RaidException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What commands do to members: fail, remove, add, replace, pull, plug. Runs on the array's worker. What cannot be done
 * changes nothing and says why.
 */
final class MemberChange
{
    private final ServedArray served;

    MemberChange(final ServedArray served)
    {
        this.served = served;
    }

    Answer fail(final String disk) throws ServeException, RaidException
    {
        final DiskBay bay = bay(disk);
        final ArrayMember member = member(bay);
        if (member == null || member.role() != ArrayMember.Role.IN_SYNC &&
            member.role() != ArrayMember.Role.REBUILDING)
        {
            throw notNow(bay, "expected a member that holds data, or is being rebuilt; a spare can be removed");
        }
        served.array().fail(member.slot());
        return Answer.done(bay.name() + " is out; " + served.array().describe().reason());
    }

    Answer remove(final String disk) throws ServeException, RaidException
    {
        final DiskBay bay = bay(disk);
        served.array().remove(bay.name());
        return Answer.done(bay.name() + " is no part of " + served.array().name() + " any more; add brings it back");
    }

    Answer add(final String disk) throws ServeException, RaidException
    {
        final DiskBay bay = bay(disk);
        requireAddable(bay);
        served.array().add(bay.disk());
        return Answer.done(bay.name() + " is " + described(bay));
    }

    Answer replace(final String disk, final String with) throws ServeException, RaidException
    {
        final DiskBay old = bay(disk);
        final ArrayMember member = member(old);
        if (member == null || member.role() != ArrayMember.Role.IN_SYNC)
        {
            throw notNow(old, "expected a member in sync; a failed one is replaced by a spare of itself: add one");
        }
        final DiskBay added = with == null ? null : addFirstSpare(bay(with));
        try
        {
            served.array().replace(member.slot());
        }
        catch (final RaidException refused)
        {
            if (added != null)
            {
                served.array().remove(added.name());
            }
            throw refused;
        }
        return Answer.done(old.name() + " works until what replaces it is filled");
    }

    /** Has the array take this disk next; gives it if it had to be added, else null. */
    private DiskBay addFirstSpare(final DiskBay disk) throws ServeException, RaidException
    {
        final List<ArrayMember> spares = served.array().describe().members(ArrayMember.Role.SPARE);
        if (spares.isEmpty())
        {
            requireAddable(disk);
            served.array().add(disk.disk());
            return disk;
        }
        if (!spares.get(0).name().equals(disk.name()))
        {
            throw new ServeException(ExitCode.NOT_NOW, spares.get(0).name() + " is the first spare and would be " +
                "taken before " + disk.name() + "; remove it first, or name no disk");
        }
        return null;
    }

    Answer pull(final String disk) throws ServeException
    {
        final DiskBay bay = bay(disk);
        if (!bay.pull())
        {
            throw notNow(bay, "expected one that is there; plug it in first");
        }
        return Answer.done(bay.name() + " is pulled; " + served.array().name() + " notices when it next uses it");
    }

    Answer plug(final String disk) throws ServeException
    {
        final DiskBay bay = bay(disk);
        if (!bay.plug())
        {
            throw notNow(bay, "expected one that was pulled, or lost");
        }
        if (bay == served.rack().journal())
        {
            return Answer.done(bay.name() + " is back; if it was missed, it is used again when " +
                served.array().name() + " is served again");
        }
        final ArrayMember member = member(bay);
        final boolean isOut = member == null || member.role() == ArrayMember.Role.FAULTY;
        return Answer.done(bay.name() + " is back" + (isOut ? ", and out of the array until it is added" :
            ", and nobody missed it"));
    }

    /** A disk by its name, or by the slot that it has. */
    DiskBay bay(final String disk) throws ServeException
    {
        DiskBay bay = served.rack().find(disk);
        for (final ArrayMember member : served.array().describe().members())
        {
            if (bay == null && String.valueOf(member.slot()).equals(disk) &&
                member.role() != ArrayMember.Role.REPLACING)
            {
                bay = served.rack().find(member.name());
            }
        }
        if (bay == null)
        {
            throw new ServeException(ExitCode.USAGE, "there is no disk \"" + disk + "\"; expected the slot of a " +
                "member, or one of " + served.rack().bays().stream().map(DiskBay::name)
                .collect(Collectors.joining(", ")));
        }
        return bay;
    }

    private ArrayMember member(final DiskBay bay)
    {
        return served.array().describe().members().stream()
            .filter((member) -> member.name().equals(bay.name())).findFirst().orElse(null);
    }

    private void requireAddable(final DiskBay bay) throws ServeException
    {
        if (bay == served.rack().journal())
        {
            throw notNow(bay, "expected a disk");
        }
        final ArrayMember member = member(bay);
        if (member != null && member.role() != ArrayMember.Role.FAULTY)
        {
            throw notNow(bay, "expected one that is failed or unused");
        }
        if (bay.isPulled())
        {
            throw notNow(bay, "expected one that is there; plug it in first");
        }
    }

    private String described(final DiskBay bay)
    {
        final ArrayMember member = member(bay);
        if (member == null)
        {
            return bay == served.rack().journal() ? "the journal" : "unused";
        }
        return (bay.isPulled() ? "pulled and " : "") + switch (member.role())
        {
            case IN_SYNC -> "in sync in slot " + member.slot();
            case REBUILDING -> "being rebuilt in slot " + member.slot();
            case REPLACING -> "being filled to replace slot " + member.slot();
            case SPARE -> "a spare";
            default -> "failed";
        };
    }

    private ServeException notNow(final DiskBay bay, final String expected)
    {
        return new ServeException(ExitCode.NOT_NOW, bay.name() + " is " + described(bay) + "; " + expected);
    }
}
