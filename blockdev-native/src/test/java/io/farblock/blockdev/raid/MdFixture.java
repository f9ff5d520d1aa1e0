package io.farblock.blockdev.raid;

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
 * The members of an array that a real kernel wrote and that was cut off with bits set, and what was written to it;
 * src/test/md/bitmaps.sh makes them and says what the files hold. Members are sparse devices in memory that may be
 * changed. One thread.
 */
public final class MdFixture
{
    public final List<MemoryBlockDevice> members = new ArrayList<>();
    public final List<ByteRange> written = new ArrayList<>();
    public final long pieceOffset;
    public final int pieceBytes;
    public final long arrayBytes;
    private final String name;
    private final List<String> lines;

    public MdFixture(final String name)
    {
        this.name = name;
        lines = new String(resource(name + ".txt"), StandardCharsets.UTF_8).lines().toList();
        arrayBytes = number("arrayBytes", 0);
        pieceOffset = number("piece", 0);
        pieceBytes = (int)number("piece", 1);
        for (final String line : lines)
        {
            if (line.startsWith("write "))
            {
                written.add(new ByteRange(Long.parseLong(line.split(" ")[1]), Long.parseLong(line.split(" ")[2])));
            }
        }
        final byte[] pieces = resource(name + ".bin.gz");
        for (int i = 0; i < number("members", 0); i++)
        {
            final MemoryBlockDevice member = new MemoryBlockDevice(name + i, number("memberBytes", 0));
            final ByteBuffer piece = AlignedBuffers.allocate(pieceBytes).put(0, pieces, i * pieceBytes, pieceBytes);
            member.write(pieceOffset, piece, 0, pieceBytes);
            members.add(member);
        }
    }

    private long number(final String key, final int index)
    {
        return lines.stream().filter((line) -> line.startsWith(key + " "))
            .mapToLong((line) -> Long.parseLong(line.split(" ")[1 + index])).findFirst().orElseThrow();
    }

    /** The fixtures' bytes of one member, to be changed and written back. */
    public ByteBuffer piece(final int member)
    {
        final ByteBuffer piece = AlignedBuffers.allocate(pieceBytes);
        members.get(member).read(pieceOffset, piece, 0, pieceBytes);
        return piece;
    }

    void write(final int member, final ByteBuffer piece)
    {
        members.get(member).write(pieceOffset, piece, 0, pieceBytes);
    }

    private static byte[] resource(final String file)
    {
        try (InputStream in = MdFixture.class.getResourceAsStream("bitmaps/" + file);
            InputStream plain = file.endsWith(".gz") ? new GZIPInputStream(in) : in)
        {
            return plain.readAllBytes();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(file, ex);
        }
    }

    @Override
    public String toString()
    {
        return name;
    }
}
