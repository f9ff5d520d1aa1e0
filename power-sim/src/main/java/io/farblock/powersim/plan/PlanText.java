package io.farblock.powersim.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** From a file to the table that it is: what is no TOML, or far too much of it, goes no further. Stateless. */
public final class PlanText
{
    private static final int LARGEST_BYTES = 1 << 20;

    private PlanText()
    {
    }

    /** @param expected what the file should be: "a fault plan". */
    public static String of(final Path file, final String expected) throws PlanException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            final byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES)
            {
                throw unusable(file.toString(), "more than " + LARGEST_BYTES + " bytes", expected);
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
        catch (final CharacterCodingException binary)
        {
            throw unusable(file.toString(), "binary data", expected);
        }
        catch (final IOException failed)
        {
            throw unusable(file.toString(), failed.toString(), expected);
        }
    }

    private static PlanException unusable(final String name, final String found, final String expected)
    {
        return new PlanException(
            List.of(name + ": found " + found + ", expected " + expected + " in TOML (name another file)"));
    }

    /** @param name what messages call the text. */
    public static PlanTable parse(final String name, final String text, final String expected) throws PlanException
    {
        final Mistakes mistakes = new Mistakes(name);
        final TomlParseResult result;
        try
        {
            result = Toml.parse(text);
        }
        catch (final StackOverflowError deep)
        {
            throw unusable(name, "lists or tables nested thousands deep", expected);
        }
        for (final TomlParseError error : result.errors())
        {
            mistakes.add(error.position().line(), "syntax", String.valueOf(error.getMessage()), "valid TOML",
                "correct it at column " + error.position().column());
        }
        if (result.hasErrors())
        {
            // what stands after a syntax error was read wrongly, so nothing is said of it: it would be misleading
            throw mistakes.exception();
        }
        return new PlanTable(result, "", 1, mistakes);
    }
}
