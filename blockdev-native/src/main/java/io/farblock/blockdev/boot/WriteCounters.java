package io.farblock.blockdev.boot;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel has counted of a disk since it appeared. Stateless, on the calling thread.
 *
 * <pre>
 *   SYS/dev/block/7:0/stat   fields from 0:  4 writes  6 sectors written  11 discards  13 sectors discarded
 * </pre>
 *
 * Tried on loop devices: writes, write-zeroes and discards are counted, a bare flush counts as a write of no sectors,
 * and the counters go on when another file is attached. Not every driver counts everything (zram does not count
 * discards), so only those answer that do: request-based disks, for which the block layer counts; device mapper; and
 * md, which counts writes itself but not the discards of RAID 0, 5, 6 and 10: those are counted by its members.
 * Pass-through commands are counted nowhere.
 *
 * <p>A partition answers for its whole disk, since a write to the disk's own node may reach it.
 */
final class WriteCounters
{
    private static final int WRITES = 4;
    private static final int SECTORS_WRITTEN = 6;
    private static final int DISCARDS = 11;
    private static final int SECTORS_DISCARDED = 13;

    private final Path sys;

    WriteCounters(final Path sys)
    {
        this.sys = sys;
    }

    /** Why something may have been written to a device ("major:minor"); empty when nothing was. */
    String writesSoFar(final String device)
    {
        try
        {
            final Path node = sys.resolve("dev/block").resolve(device).toRealPath();
            final Path disk = Files.exists(node.resolve("partition")) ? node.getParent() : node;
            final boolean isArray = Files.isDirectory(disk.resolve("md"));
            if (!Files.exists(disk.resolve("mq")) && !isArray && !Files.isDirectory(disk.resolve("dm")))
            {
                return name(disk) + " is of a kind that need not count all that changes it";
            }
            if (!"1".equals(text(disk.resolve("queue/iostats"))))
            {
                return name(disk) + " does not count its writes (queue/iostats is off)";
            }
            // Looked at before the counters: a write leaves here only after it was counted there.
            final long inFlight = Long.parseLong(text(disk.resolve("inflight")).split("\\s+")[1]);
            if (inFlight != 0)
            {
                return inFlight + " writes to " + name(disk) + " were under way when tracking began";
            }
            final String counted = counted(disk, false);
            return counted.isEmpty() && isArray ? discardedByMembers(disk) : counted;
        }
        catch (final IOException | NumberFormatException | ArrayIndexOutOfBoundsException ex)
        {
            return "what was written before tracking began is not counted: " + ex;
        }
    }

    private static String discardedByMembers(final Path disk) throws IOException
    {
        try (DirectoryStream<Path> members = Files.newDirectoryStream(disk.resolve("md"), "dev-*"))
        {
            for (final Path member : members)
            {
                final String counted = counted(member.resolve("block"), true);
                if (!counted.isEmpty())
                {
                    return counted;
                }
            }
        }
        return "";
    }

    private static String counted(final Path disk, final boolean discardsOnly) throws IOException
    {
        final String[] stat = text(disk.resolve("stat")).split("\\s+");
        final long writes = discardsOnly ? 0 : number(stat, WRITES) + number(stat, SECTORS_WRITTEN);
        if (writes == 0 && number(stat, DISCARDS) + number(stat, SECTORS_DISCARDED) == 0)
        {
            return "";
        }
        return name(disk) + " had " + stat[WRITES] + " writes and " + stat[DISCARDS] +
            " discards before tracking began, expected none; start farblock-track earlier, before file systems are " +
            "mounted";
    }

    private static long number(final String[] stat, final int field)
    {
        return Long.parseLong(stat[field]);
    }

    private static String name(final Path disk) throws IOException
    {
        return "/dev/" + disk.toRealPath().getFileName();
    }

    private static String text(final Path file) throws IOException
    {
        return Files.readString(file).trim();
    }
}
