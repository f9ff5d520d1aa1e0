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
 * Where faults are put on record, a line each, after what earlier runs wrote. Thread safe. A line that cannot be written
 * is lost and the first failure is kept: the array does not stop for it.
 */
final class FaultLog implements Consumer<String>, AutoCloseable
{
    private final Writer writer;
    private IOException failure;

    private FaultLog(final Writer writer)
    {
        this.writer = writer;
    }

    /** @param file null for nowhere. */
    static FaultLog open(final Path file)
    {
        try
        {
            return new FaultLog(file == null ? Writer.nullWriter() : Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
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
            failure = failure == null ? failed : failure;
        }
    }

    /** Why lines are missing; null when none is. */
    synchronized IOException failure()
    {
        return failure;
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
            failure = failure == null ? failed : failure;
        }
    }
}
