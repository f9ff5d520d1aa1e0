package io.farblock.raidsim.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Where faults are put on record, a line each, after what earlier runs wrote. Thread safe. A line that cannot be
 * written is lost, which is told once: the array does not stop for it.
 */
final class FaultLog implements Consumer<String>, AutoCloseable
{
    private final Writer writer;
    private final Consumer<String> trouble;
    private boolean isTold;

    private FaultLog(final Writer writer, final Consumer<String> trouble)
    {
        this.writer = writer;
        this.trouble = trouble;
    }

    /** @param file null for nowhere. */
    static FaultLog open(final Path file, final Consumer<String> trouble)
    {
        try
        {
            return new FaultLog(file == null ? Writer.nullWriter() : Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                trouble);
        }
        catch (final IOException failed)
        {
            throw new UncheckedIOException("the log of faults cannot be written: " + failed +
                "; correct log = \"...\", or remove it", failed);
        }
    }

    @Override
    public synchronized void accept(final String line)
    {
        try
        {
            writer.write(line + '\n');
            // each at once: it is read while the array runs, and after it was killed
            writer.flush();
        }
        catch (final IOException failed)
        {
            tell(failed);
        }
    }

    private void tell(final IOException failed)
    {
        if (!isTold)
        {
            isTold = true;
            trouble.accept("the log of faults has lost lines: " + failed);
        }
    }

    @Override
    public synchronized void close()
    {
        try
        {
            writer.close();
        }
        catch (final IOException failed)
        {
            tell(failed);
        }
    }
}
