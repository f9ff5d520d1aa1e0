package io.farblock.blockdev.raid;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Where an array, or a partition of it, was written shortly before the power went, read from a running system early
 * after its start; or why that cannot be told. Immutable; read on the calling thread, throws for nothing that it finds.
 *
 * <p>An array clears its bits while it runs, so the reading must be shown to have come first. Either of these does:
 * <ul>
 * <li>The system is up for less than twice the bitmap's {@code time_base}. md counts from the moment when it loads a
 * bitmap; a first pass, one {@code time_base} later, ages a bit that needs no resync, a second one clears it. A bit
 * that needs a resync lasts longer. So whenever the array was assembled, no bit is gone yet.
 * <li>The array was not stopped cleanly, has not been written since (it is auto-read-only or read-only) and its resync
 * has not begun: then every bit needs that resync, and none goes before.
 * </ul>
 * Both were read in md-bitmap.c of Linux 5.x to 6.12 (daemon_lastrun, daemon_work, init_from_disk, start_sync).
 *
 * @param ranges    in bytes of the volume; may overlap.
 * @param timeBaseS a bit lasts so long at least after its last write; what is not durable by then is in the ranges.
 * @param refusal   why the ranges mean nothing; empty when they can be used.
 */
public record BootIntent(List<ByteRange> ranges, long timeBaseS, String refusal)
{
    private static final int SECTOR_BYTES = MemberBytes.SECTOR_BYTES;

    /** One that cannot be used. */
    public static BootIntent refused(final String why)
    {
        return new BootIntent(List.of(), 0, why);
    }

    /** Whether the ranges can be used. */
    public boolean isUsable()
    {
        return refusal.isEmpty();
    }

    /**
     * Reads the bitmaps behind a volume.
     *
     * @param sysfs    of this system.
     * @param nodes    where the members' device nodes are: /dev.
     * @param device   the volume: an array or a partition of one.
     * @param uptimeMs since the kernel was started.
     */
    public static BootIntent read(final MdSysfs sysfs, final Path nodes, final Path device, final LongSupplier uptimeMs)
    {
        final Optional<MdArray> found = sysfs.behind(device);
        if (found.isEmpty())
        {
            return refused("it is no md array");
        }
        final WriteIntent intent = readMembers(found.get(), nodes);
        if (intent.unusable().isPresent())
        {
            return refused(intent.unusable().get().reason());
        }
        // After the reading: what has not begun now had not begun then.
        final MdArray array = sysfs.read(found.get().name());
        final SysfsAttributes node = new SysfsAttributes(sysfs.directory(array.name()).getParent());
        final long timeBaseS = Math.min(intent.timeBaseS(), array.bitmap().timeBaseS());
        final String problem = problem(intent, array, node, timeBaseS, uptimeMs.getAsLong());
        return problem.isEmpty() ? of(intent, node, device, timeBaseS) : refused(problem);
    }

    private static WriteIntent readMembers(final MdArray array, final Path nodes)
    {
        final List<MdBitmap> bitmaps = new ArrayList<>();
        for (final ArrayMember member : array.members())
        {
            // a member that cannot be opened is missing; whether that matters is for those that are here to say
            try (BlockDevice opened = LinuxBlockDevice.open(
                nodes.resolve(member.name().replace('!', '/')), OpenMode.readOnly()))
            {
                bitmaps.add(MdBitmap.read(opened));
            }
            catch (final IOException ex)
            {
                continue;
            }
        }
        return WriteIntent.of(bitmaps);
    }

    private static String problem(final WriteIntent intent, final MdArray array, final SysfsAttributes node,
        final long timeBaseS, final long uptimeMs)
    {
        final String uuid = intent.array().map(Object::toString).orElse("").replace("-", "");
        final String known = array.uuid().replace("-", "").replace(":", "");
        final long bytes = node.number("size", 0) * SECTOR_BYTES;
        if (!known.isEmpty() && !known.equalsIgnoreCase(uuid))
        {
            return array.name() + "'s members belong to the array " + uuid + ", expected " + known;
        }
        if (bytes != intent.arrayBytes())
        {
            return array.name() + " has " + bytes + " bytes, its members know " + intent.arrayBytes();
        }
        if (timeBaseS <= 0)
        {
            return array.name() + " does not say how long its bits last (bitmap/time_base)";
        }
        if (uptimeMs < 2 * timeBaseS * 1000 || isUntouched(array, node))
        {
            return "";
        }
        return array.name() + " may have cleared bits since it was assembled: the system was up for " +
            uptimeMs / 1000 + " s, expected less than twice the bitmap's time_base of " + timeBaseS +
            " s, or an unclean array that waits for its first write (state read-auto, its resync pending), but it is " +
            array.arrayState() + " and does " + array.syncAction() + "; start arrays so with md_mod.start_ro=1 on " +
            "the kernel's command line, or make the bitmap with a larger --delay";
    }

    private static boolean isUntouched(final MdArray array, final SysfsAttributes node)
    {
        final boolean readOnly = array.arrayState().equals("read-auto") || array.arrayState().equals("readonly");
        return readOnly && array.syncAction().equals("idle") && node.child("md").number("resync_start", -1) == 0;
    }

    /** In bytes of the volume, which may be a partition. */
    private static BootIntent of(final WriteIntent intent, final SysfsAttributes node, final Path device,
        final long timeBaseS)
    {
        long from = 0;
        long to = intent.arrayBytes();
        try
        {
            final String name = device.toRealPath().getFileName().toString();
            if (!name.equals(node.directory().getFileName().toString()))
            {
                final SysfsAttributes partition = node.child(name);
                from = partition.number("start", -1) * SECTOR_BYTES;
                to = from + partition.number("size", 0) * SECTOR_BYTES;
            }
        }
        catch (final IOException ex)
        {
            return refused("it went away: " + ex.getMessage());
        }
        if (from < 0 || to <= from)
        {
            return refused("where the partition lies on the array is not known");
        }
        final List<ByteRange> ranges = new ArrayList<>();
        for (final ByteRange range : intent.dirtyRanges())
        {
            final long begin = Math.max(range.offsetBytes(), from);
            final long end = Math.min(range.offsetBytes() + range.lengthBytes(), to);
            if (end > begin)
            {
                ranges.add(new ByteRange(begin - from, end - begin));
            }
        }
        return new BootIntent(List.copyOf(ranges), timeBaseS, "");
    }
}
