package io.farblock.blockdev.bpf;

import io.farblock.blockdev.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The maps that all programs of one kind share: which disks are tracked and which volumes lie on them; the maps of the
 * volumes by slot; and the table of writes in flight. Changed under the lock of {@link BpfFileSystem}, on the thread
 * that opens or removes a volume; programs see each change whole, since an entry is replaced, never written to.
 *
 * @param filter   (8 × major + minor) mod {@link #BUCKETS}: how many tracked disks fall there, at least. Most writes to
 *                 other disks are told by it, for a tenth of what a look into {@code disks} costs.
 * @param disks    u32 major, u32 minor: a list of {@link VolumeWindow}.
 * @param volumes  slot: the map of a volume.
 * @param inFlight address of the request or bio: u32 major, u32 minor, u64 first sector, u64 last sector;
 *                 nothing is in flight where first is behind last.
 */
record TrackingMaps(BpfMap filter, BpfMap disks, BpfMap volumes, BpfMap inFlight) implements AutoCloseable
{
    static final int SLOTS = 256;
    static final int ENTRY_BYTES = 24;
    static final int ENTRY_FIRST = 8;
    static final int ENTRY_LAST = 16;
    /** Of the filter; a power of two. */
    static final int BUCKETS = 256;
    static final int MAJOR_BITS = 3;
    /** Bios that can be in flight at once. */
    private static final int BIOS = 65536;
    /** Requests that all queues of all tracked disks have: they keep their entries. 1023 for each queue of an NVMe. */
    private static final int REQUESTS = 262_144;
    private static final int LIST_BYTES = VolumeWindow.PER_DISK * VolumeWindow.BYTES;

    static TrackingMaps create(final DeviceKind kind) throws BpfException
    {
        BpfMap filter = null;
        BpfMap disks = null;
        BpfMap volumes = null;
        try (BpfMap example = BpfMap.words("fb_example", 1))
        {
            filter = BpfMap.words("fb_filter", BUCKETS);
            disks = BpfMap.hash("fb_disks", 8, LIST_BYTES, SLOTS);
            volumes = BpfMap.maps("fb_volumes", SLOTS, example);
            return new TrackingMaps(filter, disks, volumes, BpfMap.hash("fb_in_flight", 8, ENTRY_BYTES,
                kind == DeviceKind.REQUEST ? REQUESTS : BIOS));
        }
        catch (final BpfException ex)
        {
            closeAll(filter, disks, volumes);
            throw ex;
        }
    }

    static TrackingMaps open(final Path directory) throws BpfException
    {
        BpfMap filter = null;
        BpfMap disks = null;
        BpfMap volumes = null;
        try
        {
            filter = BpfMap.open(directory.resolve("filter"), 4, 8);
            disks = BpfMap.open(directory.resolve("disks"), 8, LIST_BYTES);
            volumes = BpfMap.open(directory.resolve("volumes"), 4, 4);
            return new TrackingMaps(filter, disks, volumes,
                BpfMap.open(directory.resolve("in_flight"), 8, ENTRY_BYTES));
        }
        catch (final BpfException ex)
        {
            closeAll(filter, disks, volumes);
            throw ex;
        }
    }

    void pin(final Path directory) throws BpfException
    {
        Pins.pin(filter.fd(), directory.resolve("filter"));
        Pins.pin(disks.fd(), directory.resolve("disks"));
        Pins.pin(volumes.fd(), directory.resolve("volumes"));
        Pins.pin(inFlight.fd(), directory.resolve("in_flight"));
    }

    /** Whether writes to the device reach this very map in this slot. */
    boolean isTracked(final long device, final int slot, final int mapId)
    {
        final ByteBuffer list = listOf(device);
        final ByteBuffer id = volumes.value();
        return indexOf(list, slot) >= 0 && volumes.lookup(slotKey(slot), id) == 0 && id.getInt(0) == mapId;
    }

    /** A slot that nobody has. */
    int freeSlot() throws BpfException
    {
        final ByteBuffer id = volumes.value();
        for (int slot = 0; slot < SLOTS; slot++)
        {
            if (volumes.lookup(slotKey(slot), id) == -Errno.ENOENT)
            {
                return slot;
            }
        }
        throw new BpfException(Errno.ENOSPC, "found " + SLOTS + " tracked volumes, which is the limit");
    }

    /** From the moment when this returns, every write to the window is marked in the map. */
    void add(final long device, final VolumeWindow window, final BpfMap volume) throws IOException
    {
        final ByteBuffer list = listOf(device);
        int index = 0;
        while (VolumeWindow.slotAt(list, index) >= 0)
        {
            index++;
        }
        if (index == VolumeWindow.PER_DISK)
        {
            throw new BpfException(Errno.ENOSPC,
                "found " + index + " tracked volumes on one disk, which is the limit");
        }
        final ByteBuffer fd = volumes.value().putInt(0, volume.fd());
        check(volumes.update(slotKey(window.slot()), fd), "give a volume its slot");
        window.putInto(list, index);
        if (index == 0)
        {
            // before the disk can be found, and below after it: who dies between leaves it too high, never too low
            check(filter(device, 1), "count a tracked disk");
        }
        check(disks.update(deviceKey(device), list), "track a disk");
    }

    /** Ends the marking of a slot; whatever it was used for. */
    void remove(final long device, final int slot) throws BpfException
    {
        final ByteBuffer list = listOf(device);
        final int index = indexOf(list, slot);
        if (index >= 0)
        {
            VolumeWindow.remove(list, index);
            final boolean empty = VolumeWindow.slotAt(list, 0) < 0;
            check(empty ? disks.delete(deviceKey(device)) : disks.update(deviceKey(device), list), "untrack a disk");
            if (empty)
            {
                check(filter(device, -1), "discount a tracked disk");
                check(new InFlightTable(inFlight).removeAll(device), "clear the table of writes in flight");
            }
        }
        volumes.delete(slotKey(slot));
    }

    boolean isUnused()
    {
        final ByteBuffer id = volumes.value();
        for (int slot = 0; slot < SLOTS; slot++)
        {
            if (volumes.lookup(slotKey(slot), id) == 0)
            {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close()
    {
        closeAll(filter, disks, volumes, inFlight);
    }

    private int filter(final long device, final int more)
    {
        final int bucket = ((int)device << MAJOR_BITS) + (int)(device >>> 32) & BUCKETS - 1;
        final ByteBuffer key = filter.key().putInt(0, bucket);
        final ByteBuffer disksThere = filter.value();
        final int result = filter.lookup(key, disksThere);
        return result < 0 ? result : filter.update(key, disksThere.putLong(0, disksThere.getLong(0) + more));
    }

    private ByteBuffer listOf(final long device)
    {
        final ByteBuffer list = disks.value();
        if (disks.lookup(deviceKey(device), list) < 0)
        {
            // no entry: what the buffer holds is an empty list already
            return disks.value();
        }
        return list;
    }

    private static int indexOf(final ByteBuffer list, final int slot)
    {
        for (int i = 0; VolumeWindow.slotAt(list, i) >= 0; i++)
        {
            if (VolumeWindow.slotAt(list, i) == slot)
            {
                return i;
            }
        }
        return -1;
    }

    private ByteBuffer deviceKey(final long device)
    {
        return disks.key().putLong(0, device);
    }

    private ByteBuffer slotKey(final int slot)
    {
        return volumes.key().putInt(0, slot);
    }

    private static void check(final int result, final String what) throws BpfException
    {
        if (result < 0)
        {
            throw BpfException.refused(what, result);
        }
    }

    private static void closeAll(final BpfMap... maps)
    {
        for (final BpfMap map : maps)
        {
            if (map != null)
            {
                map.close();
            }
        }
    }
}
