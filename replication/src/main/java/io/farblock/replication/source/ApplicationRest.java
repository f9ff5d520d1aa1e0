package io.farblock.replication.source;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.replication.Quiesce;
import io.farblock.replication.Quiesce.Occasion;
import io.farblock.replication.lineage.RecordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's two commands around a cut: one brings the application to rest, the other lets it go on. The second
 * follows the first whatever happens in between; a mark on disk has the next life of a process that died run it.
 *
 * <p>Capture thread.
 */
final class ApplicationRest
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");

    private final String group;
    private final CutPlan plan;
    private final Quiesce quiesce;
    private final Path mark;
    private final FileSync sync;
    private long epoch;
    private boolean resting;

    /**
     * @param directory the group's, where the mark is kept.
     * @param sync      makes the mark durable.
     */
    ApplicationRest(
        final String group, final CutPlan plan, final Quiesce quiesce, final Path directory, final FileSync sync)
    {
        this.sync = sync;
        this.group = group;
        this.plan = plan;
        this.quiesce = quiesce;
        this.mark = directory.resolve("resting");
    }

    /** Lets an application go on that an earlier life left at rest, or this one could not wake. */
    void recover()
    {
        if (Files.exists(mark))
        {
            resting = true;
            final String problem = end();
            LOG.warn("group={} state=resting reason=\"an epoch was broken off while the application was at rest{}\"",
                group, problem.isEmpty() ? "; it goes on again" : ": " + problem);
        }
    }

    /** Brings it to rest; nothing, without commands. When that fails, {@link #end} is due all the same. */
    void begin(final long newEpoch) throws IOException
    {
        if (!plan.hasHooks())
        {
            return;
        }
        epoch = newEpoch;
        resting = true;
        RecordFile.makeDirectories(mark.getParent(), sync);
        if (!Files.exists(mark))
        {
            Files.createFile(mark);
        }
        // Before the command: a power cut between the two must not leave an application stopped that nobody starts.
        RecordFile.syncDirectory(mark.getParent(), sync);
        quiesce.run(plan.before(), occasion("before"), plan.hookLimitNs());
    }

    /**
     * Lets it go on, if it is at rest.
     *
     * @return empty, or why it could not; it is tried again at the next epoch and by the next life.
     */
    String end()
    {
        if (!resting)
        {
            return "";
        }
        try
        {
            quiesce.run(plan.after(), occasion("after"), plan.hookLimitNs());
            resting = false;
            // Last: what is run twice harms less than what is not run.
            Files.deleteIfExists(mark);
            return "";
        }
        catch (final IOException ex)
        {
            LOG.error("group={} state=resting reason=\"{}\": the application may be stopped", group, ex.getMessage());
            return "the application may be stopped: " + ex.getMessage();
        }
    }

    private Occasion occasion(final String phase)
    {
        return new Occasion(group, epoch, phase);
    }
}
