package io.farblock.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/**
 * The way from a path to a {@link DaemonConfig}: reads a bounded file, parses it, concludes it. Stateless; runs on the
 * caller's thread; every failure is a {@link ConfigException}, whatever the file holds.
 */
public final class ConfigFile
{
    private static final int LARGEST_BYTES = 1 << 20;
    private static final Pattern UNEXPECTED = Pattern.compile("Unexpected (.*?), expected (.*)", Pattern.DOTALL);
    private static final Pattern KEY_OF_LINE = Pattern.compile("\\s*([A-Za-z0-9_.-]+)\\s*=.*");

    private ConfigFile()
    {
    }

    /** Reads and checks a file. */
    public static DaemonConfig read(final Path file) throws ConfigException
    {
        return parse(file.toString(), text(file), Runtime.getRuntime().availableProcessors());
    }

    static DaemonConfig parse(final String name, final String text, final int cores) throws ConfigException
    {
        final Mistakes mistakes = new Mistakes();
        final TomlParseResult result;
        try
        {
            result = Toml.parse(text);
        }
        catch (final StackOverflowError deep)
        {
            throw unusable(name, "lists or tables nested thousands deep", "three levels at most");
        }
        if (result.hasErrors())
        {
            // What stands after a syntax error was read wrongly, so nothing is said of it: it would be misleading.
            syntax(result.errors(), text, mistakes);
            throw mistakes.exception(name);
        }
        final DaemonConfig config = new ConfigReader(mistakes, cores).read(result);
        if (!mistakes.isEmpty())
        {
            throw mistakes.exception(name);
        }
        return config;
    }

    private static String text(final Path file) throws ConfigException
    {
        final byte[] bytes;
        if (Files.isDirectory(file))
        {
            throw unusable(file.toString(), "a directory", "a TOML file");
        }
        try (InputStream in = Files.newInputStream(file))
        {
            bytes = in.readNBytes(LARGEST_BYTES + 1);
        }
        catch (final NoSuchFileException missing)
        {
            throw unusable(file.toString(), "no such file", "a TOML file");
        }
        catch (final AccessDeniedException denied)
        {
            throw unusable(file.toString(), "a file that may not be read", "read permission for this user");
        }
        catch (final IOException failed)
        {
            throw unusable(file.toString(), "a file that cannot be read: " + failed.getMessage(), "a TOML file");
        }
        if (bytes.length > LARGEST_BYTES)
        {
            throw unusable(file.toString(), "more than " + SizeText.of(LARGEST_BYTES), "a smaller TOML file");
        }
        try
        {
            final String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.chars().anyMatch(c -> c < ' ' && c != '\t' && c != '\n' && c != '\r'))
            {
                throw unusable(file.toString(), "binary data", "TOML text in UTF-8");
            }
            return text;
        }
        catch (final CharacterCodingException binary)
        {
            throw unusable(file.toString(), "binary data", "TOML text in UTF-8");
        }
    }

    private static ConfigException unusable(final String file, final String found, final String expected)
    {
        return new ConfigException(List.of(file + ": found " + found + ", expected " + expected
            + " (farblock config show lists the keys)"));
    }

    private static void syntax(final List<TomlParseError> errors, final String text, final Mistakes mistakes)
    {
        final String[] lines = text.split("\n", -1);
        final Set<Integer> seen = new HashSet<>();
        for (final TomlParseError error : errors)
        {
            final int line = error.position().line();
            if (!seen.add(line))
            {
                continue;
            }
            final Matcher key = KEY_OF_LINE.matcher(line <= lines.length ? lines[line - 1] : "");
            final Matcher unexpected = UNEXPECTED.matcher(String.valueOf(error.getMessage()));
            final boolean last = line >= lines.length;
            mistakes.add(line, key.matches() ? key.group(1) : "syntax",
                unexpected.matches() ? plain(unexpected.group(1)) : plain(error.getMessage()),
                unexpected.matches() ? plain(unexpected.group(2)) : "valid TOML",
                last ? "the file may have been cut off here" : "correct the syntax at column "
                    + error.position().column());
        }
    }

    private static String plain(final String text)
    {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
