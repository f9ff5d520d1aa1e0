package io.farblock.replication.source;

import io.farblock.replication.Quiesce;
import io.farblock.replication.lineage.Consistency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes over the moving devices, each about what was written during the one before, until the rest can be read within
 * the pause; then the file systems are frozen, and the rest is read into the ring, whose memory is there for it.
 *
 * <pre>
 *   pass ──> all acknowledged ──> harvest ──(rest is small)──> settle, freeze, harvest, read, thaw ──> finished
 *    ^                               │                            │
 *    └─────────(it is not)───────────┴──(rest has grown, or the hold was broken off)
 * </pre>
 *
 * A pause never outlasts its budget because of us: when reading does not end in time, the file systems are thawed, and
 * what was read counts as a pass. What was written to a volume while it was frozen, or a freeze that somebody else
 * ended, voids the cut.
 */
final class SuspendCut extends Cut
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.source");
    private static final int PASSES_MAX = 16;
    private static final int HOLDS_MAX = 5;
    /** A rest so small is worth a try whatever the rate. */
    private static final int BLOCKS_MIN = 16;
    /** Beyond the budget, until the watchdog thaws: it is for a process that is dead or stopped, not for a slow one. */
    private static final long WATCHDOG_MARGIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<Path> devices;
    private final long budgetNs;
    private int passes;
    private int holds;
    /** Of the last pass or hold: single blocks anywhere, as the rest will be, come slower than a first copy's runs. */
    private long readBytes;
    private long readNs;
    /** What the kernel took to freeze, the last time. */
    private long freezeNs;
    private String broken = "more was written than can be read in the pause";
    private String problem = "";

    SuspendCut(final CutContext context, final EpochAttempt attempt)
    {
        super(context, attempt);
        this.devices = volumes().stream().map(volume -> volume.config().device()).toList();
        this.budgetNs = context.group().plan().pauseNs();
    }

    @Override
    int step() throws IOException
    {
        if (!context.capture().isPassFinished())
        {
            return read();
        }
        if (!context.ring().isDrained())
        {
            return 0;
        }
        passes++;
        harvestAgain(false);
        beginPass();
        requireHope();
        if (restFits())
        {
            hold();
        }
        else
        {
            forgetRate();
        }
        return 1;
    }

    @Override
    String problem()
    {
        return problem;
    }

    private void requireHope() throws IOException
    {
        final String why;
        if (holds >= HOLDS_MAX)
        {
            why = "after " + holds + " attempts, the last: " + broken;
        }
        else if (passes > PASSES_MAX && !restFits())
        {
            why = "after " + PASSES_MAX + " passes there are still " + restBytes() + " bytes to read, expected at " +
                "most " + limitBytes() + " in " + context.ring().slots + " blocks";
        }
        else
        {
            return;
        }
        throw new IOException("cannot cut " + context.group().name() + " within a pause of " +
            TimeUnit.NANOSECONDS.toMillis(budgetNs) + " ms: " + why +
            "; allow a longer pause or a larger window, or have less written");
    }

    /** Ends the epoch's reading, or leaves what was not read to another pass. */
    private void hold() throws IOException
    {
        context.quiesce().settle(devices);
        harvestAgain(true);
        Consistency reached = Consistency.FUZZY;
        if (restFits())
        {
            holds++;
            try
            {
                context.group().rest().begin(attempt.epoch);
                reached = readFrozen();
            }
            finally
            {
                problem = context.group().rest().end();
            }
        }
        if (reached != Consistency.FUZZY)
        {
            finish(reached);
            return;
        }
        LOG.info("epoch group={} epoch={} state=thawed pause_us={} reason=\"{}\": another pass", attempt.group,
            attempt.epoch, TimeUnit.NANOSECONDS.toMicros(attempt.pauseNs), broken);
        context.capture().beginPass();
    }

    /** While it is frozen nothing is logged and no file is touched: whoever writes to a frozen file system waits. */
    private Consistency readFrozen() throws IOException
    {
        final long beginNs = context.clock().nanoTime();
        Consistency reached = Consistency.FUZZY;
        try (Quiesce.Hold hold = context.quiesce().freeze(devices, budgetNs + WATCHDOG_MARGIN_NS))
        {
            final long cutNs = context.clock().nanoTime();
            freezeNs = cutNs - beginNs;
            harvestAgain(true);
            context.capture().beginPass();
            forgetRate();
            final boolean read = restFitsRing() && readRest(beginNs);
            final boolean still = read && isStill();
            final boolean held = hold.thaw();
            attempt.pauseNs = context.clock().nanoTime() - beginNs;
            context.group().pauses().count(attempt.pauseNs);
            if (still && held)
            {
                attempt.cutNs = cutNs;
                reached = heldClass(hold.isEmpty() ? Consistency.CRASH : Consistency.FS);
            }
            broken = whyBroken(read, held);
        }
        return reached;
    }

    private String whyBroken(final boolean read, final boolean held)
    {
        if (freezeNs >= budgetNs)
        {
            return "the kernel alone took " + TimeUnit.NANOSECONDS.toMillis(freezeNs) + " ms to freeze";
        }
        if (!read)
        {
            return "the rest could not be read in the pause";
        }
        return held ? "something writes to its volumes although their file systems are frozen" :
            "it was thawed by others";
    }

    private boolean readRest(final long beginNs)
    {
        int work = 1;
        while (work > 0 && !context.capture().isPassFinished() && attempt.failure == null &&
            context.clock().nanoTime() - beginNs < budgetNs)
        {
            work = read();
        }
        return context.capture().isPassFinished() && attempt.failure == null;
    }

    private int read()
    {
        final long bytes = attempt.scannedBytes;
        final long beginNs = context.clock().nanoTime();
        final int work = context.capture().step();
        if (attempt.scannedBytes > bytes)
        {
            readBytes += attempt.scannedBytes - bytes;
            readNs += context.clock().nanoTime() - beginNs;
        }
        return work;
    }

    private boolean restFits()
    {
        return restBlocks() <= BLOCKS_MIN || restFitsRing() && restBytes() <= limitBytes();
    }

    private boolean restFitsRing()
    {
        return restBlocks() <= context.ring().slots;
    }

    private long restBlocks()
    {
        long blocks = 0;
        for (final SourceVolume volume : volumes())
        {
            blocks += volume.passBlocks();
        }
        return blocks;
    }

    private long restBytes()
    {
        long bytes = 0;
        for (final SourceVolume volume : volumes())
        {
            bytes += volume.passBlocks() * volume.blockBytes();
        }
        return bytes;
    }

    /** What can be read in half of what the kernel leaves of the pause, at the rate seen last. */
    private long limitBytes()
    {
        final double rate = readNs == 0 ? Double.POSITIVE_INFINITY : (double)readBytes / readNs;
        return (long)(rate * Math.max(0, budgetNs - freezeNs) / 2);
    }

    private void forgetRate()
    {
        readBytes = 0;
        readNs = 0;
    }
}
