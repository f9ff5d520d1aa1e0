package io.farblock.raidsim.md;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.MemoryBlockDevice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The members of an array that a real kernel made and filled with a known pattern; src/test/md/layouts.sh makes them
 * and says what the files hold. Members are devices in memory that may be changed. One thread.
 */
public final class LayoutFixture
{
    /** All that there are. */
    public static final List<String> NAMES = List.of("raid0", "raid1", "raid5", "raid5-4", "raid6", "raid6-5",
        "raid10-n2", "raid10-n2-odd", "raid10-n3", "raid10-f2", "raid10-f2-odd", "raid10-o2", "raid10-o2-odd");

    private static final int SECTOR_BYTES = 512;

    public final List<MemoryBlockDevice> members = new ArrayList<>();
    public final long arrayBytes;
    private final List<String> lines;

    public LayoutFixture(final String name)
    {
        lines = new String(resource(name + ".txt"), StandardCharsets.UTF_8).lines().toList();
        arrayBytes = number("arrayBytes");
        final int memberBytes = (int)number("memberBytes");
        final byte[] images = resource(name + ".bin.gz");
        final ByteBuffer image = AlignedBuffers.allocate(memberBytes);
        for (int i = 0; i < number("members"); i++)
        {
            final MemoryBlockDevice member = new MemoryBlockDevice(name + "." + i, memberBytes);
            member.write(0, image.put(0, images, i * memberBytes, memberBytes), 0, memberBytes);
            members.add(member);
        }
    }

    /** What the array holds from an offset on, a multiple of the sector, into the buffer's first bytes. */
    public static void pattern(final long offsetBytes, final ByteBuffer target, final int lengthBytes)
    {
        for (int at = 0; at < lengthBytes; at += Long.BYTES)
        {
            final long sector = (offsetBytes + at) / SECTOR_BYTES;
            target.putLong(at, (sector / 8 + 1) * 0x9e3779b97f4a7c15L ^ sector % 8);
        }
    }

    private long number(final String key)
    {
        return lines.stream().filter((line) -> line.startsWith(key + " "))
            .mapToLong((line) -> Long.parseLong(line.split(" ")[1])).findFirst().orElseThrow();
    }

    private static byte[] resource(final String file)
    {
        try (InputStream in = LayoutFixture.class.getResourceAsStream("layouts/" + file);
            InputStream plain = file.endsWith(".gz") ? new GZIPInputStream(in) : in)
        {
            return plain.readAllBytes();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(file, ex);
        }
    }
}
