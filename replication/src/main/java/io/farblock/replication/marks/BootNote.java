package io.farblock.replication.marks;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.replication.lineage.RecordFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * What came of the boot for a volume, for people: written by whoever began its tracking in this run of the machine,
 * read by the daemons that follow. An immutable value; nothing is decided by it, so a lost one costs a line in status.
 *
 * @param boot     the run of the machine that it speaks of.
 * @param narrowed whether not everything has to be compared.
 * @param bytes    how much has to be.
 * @param reason   what that rests on, or why it is everything.
 * @param open     whether no epoch has been sealed since.
 */
public record BootNote(UUID boot, boolean narrowed, long bytes, String reason, boolean open)
{
    private static final String FILE = "boot";

    /** The note of this run of the machine; empty when there is none. */
    static Optional<BootNote> read(final Path directory, final UUID boot)
    {
        try
        {
            final Properties lines = new Properties();
            lines.load(new StringReader(Files.readString(directory.resolve(FILE), StandardCharsets.UTF_8)));
            final BootNote note = new BootNote(UUID.fromString(lines.getProperty("boot", "")),
                Boolean.parseBoolean(lines.getProperty("narrowed")), Long.parseLong(lines.getProperty("bytes", "")),
                lines.getProperty("reason", ""), Boolean.parseBoolean(lines.getProperty("open")));
            return note.boot.equals(boot) ? Optional.of(note) : Optional.empty();
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            // none, torn or of another version: nothing depends on it
            return Optional.empty();
        }
    }

    /** The same, after an epoch was sealed. */
    BootNote done()
    {
        return new BootNote(boot, narrowed, bytes, reason, false);
    }

    void write(final Path directory, final FileSync sync) throws IOException
    {
        RecordFile.makeDirectories(directory, sync);
        Files.writeString(directory.resolve(FILE), "boot=" + boot + "\nnarrowed=" + narrowed + "\nbytes=" + bytes +
            "\nreason=" + reason.replace("\\", "/").replace('\n', ' ') + "\nopen=" + open + "\n");
    }
}
