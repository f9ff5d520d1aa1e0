package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.md.ArrayDescription;
import io.farblock.raidsim.md.Found;
import io.farblock.raidsim.md.MemberFormat;
import io.farblock.raidsim.md.MemberRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Makes arrays of disks, and opens those that disks are members of. Stateless, on the calling thread. What throws has
 * changed nothing, and the disks are still the caller's; what returns owns them.
 */
public final class Assembly
{
    private Assembly()
    {
    }

    /**
     * Makes an array. Disks that hold nothing but holes are in step from the start, others are resynced first.
     *
     * @param slots how many of the disks, from the first on, hold data; the others are spares.
     * @throws RaidException when no array can be made of them, or one of them belongs to an array, unless forced.
     */
    public static RaidArray create(final ArrayShape shape, final String name, final UUID uuid, final int slots,
        final List<? extends BlockDevice> disks, final ArrayOptions options) throws RaidException
    {
        if (slots < 1 || slots > disks.size())
        {
            throw new RaidException(name + ": " + slots + " members of " + disks.size() + " disks, expected at least " +
                "1 and no more than there are disks");
        }
        long smallest = Long.MAX_VALUE;
        for (final BlockDevice disk : disks)
        {
            requireFree(disk, options);
            smallest = Math.min(smallest, disk.geometry().sizeBytes());
        }
        final ArrayDescription array = describe(shape, name, uuid, slots, smallest, options);
        final long dataOffset = dataOffset(array, smallest);
        final Wiring wiring = new Wiring(array, options, 0);
        boolean blank = true;
        for (int i = 0; i < disks.size(); i++)
        {
            final BlockDevice disk = disks.get(i);
            final Member member = new Member(disk, i, deviceUuid(uuid, i), dataOffset, i < slots ? Member.ALL : 0);
            blank &= disk.nextData(dataOffset) >= disk.geometry().sizeBytes();
            wiring.place(member, i < slots ? i : -1);
        }
        return wiring.start(blank ? new BitSet() : null, blank, false);
    }

    private static void requireFree(final BlockDevice disk, final ArrayOptions options) throws RaidException
    {
        requireSectors(disk);
        if (!options.force() && MemberFormat.read(disk) instanceof Found.Member member)
        {
            throw new RaidException(disk.name() + " belongs to the array " + member.array().name() + " (" +
                member.array().array() + "); choose another disk, or force it if that array may go");
        }
    }

    private static void requireSectors(final BlockDevice disk) throws RaidException
    {
        if (disk.geometry().sectorBytes() > Stripes.GRANULE_BYTES)
        {
            throw new RaidException(disk.name() + " has sectors of " + disk.geometry().sectorBytes() +
                " bytes, expected at most " + Stripes.GRANULE_BYTES);
        }
    }

    private static ArrayDescription describe(final ArrayShape shape, final String name, final UUID uuid,
        final int slots, final long smallest, final ArrayOptions options) throws RaidException
    {
        try
        {
            // the bitmap takes room before the data, and how much depends on the data: no more than for the whole disk
            final ArrayDescription most = description(
                shape, name, uuid, slots, shape.memberBytes(smallest), options);
            return description(
                shape, name, uuid, slots, shape.memberBytes(smallest - dataOffset(most, smallest)), options);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new RaidException(name + " on " + slots + " disks of at least " + smallest + " bytes: " +
                ex.getMessage());
        }
    }

    private static ArrayDescription description(final ArrayShape shape, final String name, final UUID uuid,
        final int slots, final long memberBytes, final ArrayOptions options)
    {
        return new ArrayDescription(uuid, name, options.epochSeconds().getAsLong(), shape.level(), shape.layout(),
            shape.chunkBytes(), slots, memberBytes, shape.bitmapChunkBytes());
    }

    private static long dataOffset(final ArrayDescription array, final long deviceBytes)
    {
        return MemberFormat.dataOffsetBytes(deviceBytes, array.chunkBytes(), array.bitmapBytes());
    }

    /** The same for the same member, so that a simulation repeats. */
    private static UUID deviceUuid(final UUID array, final int number)
    {
        return UUID.nameUUIDFromBytes((array + " " + number).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Opens the array that disks are members of. Members that it went on without are listed as failed; they can be
     * added again.
     *
     * @throws RaidException when disks belong to different arrays or to none, too few are there, or it is degraded and
     *                       was not stopped cleanly, unless forced.
     */
    public static RaidArray open(final List<? extends BlockDevice> disks, final ArrayOptions options)
        throws RaidException
    {
        final List<Candidate> candidates = new ArrayList<>();
        for (final BlockDevice disk : disks)
        {
            candidates.add(candidate(disk));
        }
        if (candidates.isEmpty())
        {
            throw new RaidException("no disks were given, expected the members of an array");
        }
        final Candidate newest = candidates.stream()
            .max(Comparator.comparingLong((candidate) -> candidate.found().record().events())).orElseThrow();
        requireOneArray(candidates, newest);
        final ArrayDescription array = withBitmap(newest, candidates);
        final Wiring wiring = new Wiring(array, options, newest.found().record().events());
        wiring.reserveNumbers(newest.found().record().roles().size());
        final List<Candidate> current = seat(wiring, candidates, newest, options.force());
        final boolean clean = newest.found().record().resyncOffsetBytes() == MemberRecord.CLEAN;
        final BitSet suspects = clean ? new BitSet() : suspects(current, array);
        wiring.requireRunnable(clean, options);
        wiring.adoptBitmap(current);
        return wiring.start(suspects, clean, !clean && wiring.isDegraded() && array.level().hasParity());
    }

    private static Candidate candidate(final BlockDevice disk) throws RaidException
    {
        requireSectors(disk);
        final Found found = MemberFormat.read(disk);
        if (found instanceof Found.Refused refused)
        {
            throw new RaidException(refused.why().reason() + "; expected a member of an array");
        }
        final Found.Member member = (Found.Member)found;
        if (member.record().journal())
        {
            // what it holds may be newer than the members
            throw new RaidException(disk.name() + " belongs to an array with a journal of md's own; have md stop the " +
                "array and take the journal away first");
        }
        return new Candidate(disk, member);
    }

    private static void requireOneArray(final List<Candidate> candidates, final Candidate newest) throws RaidException
    {
        final BitSet numbers = new BitSet();
        for (final Candidate candidate : candidates)
        {
            final ArrayDescription array = candidate.found().array();
            if (!array.array().equals(newest.found().array().array()))
            {
                throw new RaidException(candidate.disk().name() + " belongs to the array " + array.name() + " (" +
                    array.array() + "), " + newest.disk().name() + " to " + newest.found().array().name() + " (" +
                    newest.found().array().array() + "); give the members of one");
            }
            if (array.level() == RaidLevel.RAID0 && array.memberBytes() != newest.found().array().memberBytes())
            {
                throw new RaidException(candidate.disk().name() + " gives " + array.memberBytes() + " bytes to " +
                    array.name() + ", " + newest.disk().name() + " " + newest.found().array().memberBytes() +
                    "; only RAID 0 on equal parts of its disks is simulated");
            }
            final int number = candidate.found().record().number();
            if (numbers.get(number))
            {
                throw new RaidException(candidate.disk().name() + " is a second member number " + number + " of " +
                    array.name() + "; leave the copy out");
            }
            numbers.set(number);
        }
    }

    /** What the newest member says; the bitmap's unit is that of any current one whose bitmap can be used. */
    private static ArrayDescription withBitmap(final Candidate newest, final List<Candidate> candidates)
    {
        final ArrayDescription array = newest.found().array();
        long chunk = array.bitmapChunkBytes();
        for (final Candidate candidate : candidates)
        {
            chunk = Math.max(chunk, candidate.isCurrent(newest) ? candidate.found().array().bitmapChunkBytes() : 0);
        }
        return new ArrayDescription(array.array(), array.name(), array.createdSeconds(), array.level(),
            array.layout(), array.chunkBytes(), array.raidDisks(), array.memberBytes(), chunk);
    }

    private static List<Candidate> seat(
        final Wiring wiring, final List<Candidate> candidates, final Candidate newest, final boolean force)
    {
        final List<Candidate> current = new ArrayList<>();
        final List<Candidate> stale = new ArrayList<>();
        for (final Candidate candidate : candidates)
        {
            final int role = candidate.roleBy(newest);
            if (candidate.isCurrent(newest) && candidate.events() < newest.events())
            {
                wiring.uneven();
            }
            if (candidate.isCurrent(newest) && role < wiring.array().raidDisks())
            {
                wiring.place(candidate.member(role), role);
                current.add(candidate);
            }
            else if (candidate.isCurrent(newest) && role == MdSuperblock.ROLE_SPARE)
            {
                wiring.place(candidate.member(role), -1);
            }
            else
            {
                stale.add(candidate);
            }
        }
        stale.sort(Comparator.comparingLong((candidate) -> -candidate.events()));
        for (final Candidate candidate : stale)
        {
            final boolean taken = force && candidate.heldData(wiring.array()) && wiring.lacks(candidate.ownRole());
            if (taken)
            {
                wiring.takeOutdated(candidate, newest);
                current.add(candidate);
            }
            else
            {
                wiring.leaveOut(candidate, newest);
            }
        }
        return current;
    }

    /** Bits of all current members, or null when one of them cannot tell: then every stripe is suspect. */
    private static BitSet suspects(final List<Candidate> current, final ArrayDescription array)
    {
        final BitSet suspects = new BitSet();
        for (final Candidate candidate : current)
        {
            if (array.bitmapChunkBytes() == 0 || candidate.found().bitmap().unusable().isPresent())
            {
                return null;
            }
            suspects.or(candidate.found().bitmap().bits());
        }
        return suspects;
    }

    /** A disk as a new member, if it has room. */
    static Member newMember(final ArrayDescription array, final StripeLayout layout, final BlockDevice disk,
        final Membership membership) throws RaidException
    {
        requireSectors(disk);
        final long room = disk.geometry().sizeBytes() - dataOffset(array, disk.geometry().sizeBytes());
        if (room < array.memberBytes())
        {
            throw new RaidException(disk.name() + " has room for " + room + " bytes of data, expected at least " +
                array.memberBytes() + "; add a larger disk");
        }
        final int number = membership.freeNumber();
        final Member member = new Member(disk, number, deviceUuid(array.array(), number),
            dataOffset(array, disk.geometry().sizeBytes()), layout.redundantStrips() == 0 ? Member.ALL : 0);
        return member;
    }

    /** Whether a disk is one of these members, by whatever name. */
    static boolean isOneOf(final List<Member> members, final ArrayDescription array, final BlockDevice disk)
    {
        return MemberFormat.read(disk) instanceof Found.Member found &&
            found.array().array().equals(array.array()) &&
            members.stream().anyMatch((member) -> member.uuid.equals(found.record().device()));
    }

    /** A member that was away and whose slot is still empty, if the bitmap knows all that it missed; else null. */
    static Returning returning(
        final ArrayDescription array, final Slots slots, final long eventsCleared, final BlockDevice disk)
    {
        if (!(MemberFormat.read(disk) instanceof Found.Member found) ||
            !found.array().array().equals(array.array()) || found.record().events() < eventsCleared ||
            found.record().recoveryOffsetBytes() != MemberRecord.IN_SYNC ||
            found.record().role() >= array.raidDisks() || slots.member(found.record().role()) != null)
        {
            return null;
        }
        final Member member = new Candidate(disk, found).member(found.record().role());
        member.isReturning = true;
        member.recoveredBytes = 0;
        member.durableBytes = 0;
        return new Returning(member, found.record().role());
    }

    /** Who comes back, and where to. Immutable. */
    record Returning(Member member, int slot)
    {
    }
}
