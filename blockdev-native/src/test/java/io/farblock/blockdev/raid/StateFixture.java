package io.farblock.blockdev.raid;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What sysfs said of an array md0 in some state, under a real kernel, laid out as files; src/test/md/states.sh makes
 * the texts. Stateless.
 */
final class StateFixture
{
    private StateFixture()
    {
    }

    /** Lays the attributes out below {@code sys} and gives their directory. */
    static Path unpack(final Path sys, final String name) throws IOException
    {
        final Path directory = sys.resolve("block/md0/md");
        try (InputStream in = StateFixture.class.getResourceAsStream("states/" + name + ".txt"))
        {
            final String text = "\n" + new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            for (final String attribute : text.split("\n== "))
            {
                if (!attribute.isBlank())
                {
                    final int end = attribute.indexOf('\n');
                    final Path file = directory.resolve(end < 0 ? attribute : attribute.substring(0, end));
                    Files.createDirectories(file.getParent());
                    Files.writeString(file, end < 0 ? "" : attribute.substring(end + 1) + "\n");
                }
            }
        }
        return directory;
    }
}
