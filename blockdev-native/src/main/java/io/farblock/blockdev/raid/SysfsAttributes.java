package io.farblock.blockdev.raid;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The attributes in one directory of sysfs, read as they are at that moment. One that is not there, vanishes while it
 * is read or refuses to be read is the empty text: which of these it was depends only on when the array stopped.
 * Immutable, on the calling thread; throws for nothing that it finds.
 */
record SysfsAttributes(Path directory)
{
    /** Without the newline at the end. */
    String text(final String attribute)
    {
        try
        {
            return new String(Files.readAllBytes(directory.resolve(attribute)), StandardCharsets.US_ASCII).strip();
        }
        catch (final IOException ex)
        {
            return "";
        }
    }

    /** The number that an attribute begins with ("4 (3)" is 4), or what is to be taken where there is none. */
    long number(final String attribute, final long otherwise)
    {
        final String word = text(attribute).split("\\s", 2)[0];
        try
        {
            return word.isEmpty() ? otherwise : Long.parseLong(word);
        }
        catch (final NumberFormatException ex)
        {
            // "none", "max", "unknown": words that the kernel puts in a number's place
            return otherwise;
        }
    }

    /** The names of the directories whose name begins so, in order. */
    List<String> children(final String prefix)
    {
        final List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory))
        {
            for (final Path child : stream)
            {
                if (child.getFileName().toString().startsWith(prefix) && Files.isDirectory(child))
                {
                    names.add(child.getFileName().toString());
                }
            }
        }
        catch (final IOException | DirectoryIteratorException ex)
        {
            return List.of();
        }
        names.sort(null);
        return names;
    }

    SysfsAttributes child(final String name)
    {
        return new SysfsAttributes(directory.resolve(name));
    }
}
