package io.farblock.blockdev.raid;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.dirty.DirtyMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * After a power cut of src/test/md/cuts.sh: whether the bitmaps name all that was written in the last seconds, and how
 * old the youngest write is that they do not name. Arguments: the directory with the guest's notes, how many seconds
 * count, the members' files. One thread.
 */
final class PowerCutProbe
{
    private static final int HEAD_BYTES = 4 * 1024 * 1024;

    private PowerCutProbe()
    {
    }

    public static void main(final String[] arguments) throws IOException
    {
        final Path work = Path.of(arguments[0]);
        final double cut = Double.parseDouble(Files.readString(work.resolve("cut_at")).strip());
        final List<MemoryBlockDevice> members = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++)
        {
            members.add(head(Path.of(arguments[i])));
        }
        final WriteIntent intent = WriteIntent.read(members);
        final DirtyMap named = new DirtyMap(intent.arrayBytes());
        intent.addTo(named);
        int recent = 0;
        int older = 0;
        double youngest = Double.POSITIVE_INFINITY;
        for (final String line : Files.readAllLines(work.resolve("written")))
        {
            final String[] fields = line.split(" ");
            // the last line may have been cut off, too
            if (fields.length == 3)
            {
                final double age = cut - Double.parseDouble(fields[0]);
                recent += age <= Double.parseDouble(arguments[1]) ? 1 : 0;
                older += age <= Double.parseDouble(arguments[1]) ? 0 : 1;
                if (!isNamed(named, Long.parseLong(fields[1]), Long.parseLong(fields[2])))
                {
                    youngest = Math.min(youngest, age);
                }
            }
        }
        System.out.printf("%s: %d recent and %d older writes; youngest one not named %.2f s old; %.1f %% named%n",
            Files.readString(work.resolve("array")).lines().findFirst().orElse("").replace("\\", ""), recent, older,
            youngest, 100.0 * named.count() / named.granules());
        if (youngest <= Double.parseDouble(arguments[1]) || recent == 0)
        {
            throw new IllegalStateException("writes were lost, or there were none");
        }
    }

    private static boolean isNamed(final DirtyMap named, final long offsetBytes, final long lengthBytes)
    {
        for (long at = 0; at < lengthBytes; at += DirtyMap.GRANULE_BYTES)
        {
            if (!named.isMarked(offsetBytes + at, 1))
            {
                return false;
            }
        }
        return true;
    }

    /** Superblock and bitmap of metadata 1.2 lie there. */
    private static MemoryBlockDevice head(final Path file) throws IOException
    {
        final ByteBuffer bytes = AlignedBuffers.allocate(HEAD_BYTES);
        try (FileChannel channel = FileChannel.open(file))
        {
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0)
            {
                continue;
            }
        }
        final MemoryBlockDevice device = new MemoryBlockDevice(file.toString(), Files.size(file));
        device.write(0, bytes, 0, HEAD_BYTES);
        return device;
    }
}
