package io.farblock.replication.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Where in a segment's file something lies, for tests that damage it. Stateless. */
public final class SegmentBytes
{
    private static final int SEARCHED_BYTES = 4 << 20;

    private SegmentBytes()
    {
    }

    /** The file with the records. */
    public static Path file(final Path segment) throws IOException
    {
        return LeftSegment.file(segment).orElseThrow();
    }

    /** Where these bytes are for the first time. */
    public static int positionOf(final Path file, final byte[] wanted) throws IOException
    {
        final byte[] bytes = new byte[SEARCHED_BYTES];
        final int length;
        try (InputStream in = Files.newInputStream(file))
        {
            length = in.readNBytes(bytes, 0, bytes.length);
        }
        for (int at = 0; at <= length - wanted.length; at++)
        {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length))
            {
                return at;
            }
        }
        throw new AssertionError("what was written is not in the first " + length + " bytes of " + file);
    }
}
