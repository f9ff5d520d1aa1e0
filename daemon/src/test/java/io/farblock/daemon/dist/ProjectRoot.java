package io.farblock.daemon.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the sources lie: the build says it, and an IDE's test runner finds it by walking up. */
public final class ProjectRoot
{
    private ProjectRoot()
    {
    }

    /** The directory of the parent pom. */
    public static Path find()
    {
        final String told = System.getProperty("farblock.root", "");
        Path at = Path.of(told.isEmpty() || told.startsWith("${") ? System.getProperty("user.dir") : told)
            .toAbsolutePath();
        while (at != null && !(Files.isDirectory(at.resolve("systemd")) && Files.exists(at.resolve("daemon/pom.xml"))))
        {
            at = at.getParent();
        }
        if (at == null)
        {
            throw new IllegalStateException("no project root above " + System.getProperty("user.dir") +
                "; pass -Dfarblock.root=DIR");
        }
        return at;
    }

    /** The value of a property in the parent pom. */
    public static String property(final String name)
    {
        final String key = Pattern.quote(name);
        final Matcher matcher = Pattern.compile("<" + key + ">([^<]*)</" + key + ">").matcher(read(find(), "pom.xml"));
        if (!matcher.find())
        {
            throw new IllegalStateException("the parent pom has no property " + name);
        }
        return matcher.group(1);
    }

    private static String read(final Path root, final String name)
    {
        try
        {
            return Files.readString(root.resolve(name));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
