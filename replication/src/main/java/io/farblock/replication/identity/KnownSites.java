package io.farblock.replication.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The certificates that peers are known by: a directory with a file for each peer, to be read and edited by people.
 *
 * <pre>
 *   peers/beta.pins     # '#' begins a comment
 *                       sha256:0123...cdef
 *                       sha256:4567...0123    # while its certificate is being replaced
 * </pre>
 *
 * Any of a file's fingerprints is good; a peer without a file is not known. Each call reads anew, so what people edit
 * counts; changes are durable when they return and exclude each other between processes. One bad line makes a file
 * unusable, since what it was to say is not known.
 */
public final class KnownSites
{
    private final Path directory;

    public KnownSites(final Path directory)
    {
        this.directory = directory;
    }

    /** The file that a site's fingerprints are in, or would be. */
    public Path file(final String site)
    {
        return directory.resolve(SiteName.check(site) + ".pins");
    }

    /**
     * A site's fingerprints; none when it is not known.
     *
     * @throws IdentityException naming file, line, what was found and expected.
     */
    public List<Fingerprint> fingerprints(final String site) throws IOException
    {
        final Path file = file(site);
        return DurableFile.exists(file) ? parse(file, DurableFile.read(file)) : List.of();
    }

    /** Knows a site by one more fingerprint; nothing happens when that is one of its already. */
    public void add(final String site, final Fingerprint fingerprint) throws IOException
    {
        change(site, () ->
        {
            if (!fingerprints(site).contains(fingerprint))
            {
                final String text = DurableFile.exists(file(site)) ? DurableFile.read(file(site)) : "";
                write(site, text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + fingerprint.text() + "\n");
            }
        });
    }

    /** Knows a site by this fingerprint and no other; what the file held before, readable or not, is gone. */
    public void replace(final String site, final Fingerprint fingerprint) throws IOException
    {
        change(site, () -> write(site, fingerprint.text() + "\n"));
    }

    private void change(final String site, final DurableFile.Work work) throws IOException
    {
        SiteName.check(site);
        DurableFile.makeDirectories(directory);
        DurableFile.locked(directory, work);
    }

    private void write(final String site, final String text) throws IOException
    {
        DurableFile.write(file(site), text, DurableFile.PUBLIC);
    }

    private static List<Fingerprint> parse(final Path file, final String text) throws IdentityException
    {
        final List<Fingerprint> found = new ArrayList<>();
        final List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++)
        {
            final String pin = lines.get(i).split("#", 2)[0].strip();
            try
            {
                if (!pin.isEmpty())
                {
                    found.add(Fingerprint.parse(pin));
                }
            }
            catch (final IllegalArgumentException ex)
            {
                throw new IdentityException(file + ":" + (i + 1) + ": found \"" + SiteName.printable(pin) +
                    "\", expected " + ex.getMessage() + "; correct the line, or put '#' before it", ex);
            }
        }
        return List.copyOf(found);
    }
}
