package io.farblock.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is, as the build wrote it beside this class. Stateless. */
public final class Version
{
    private Version()
    {
    }

    public static String text()
    {
        final Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties"))
        {
            properties.load(in);
            return properties.getProperty("version");
        }
        catch (final IOException failed)
        {
            throw new UncheckedIOException(failed);
        }
    }
}
