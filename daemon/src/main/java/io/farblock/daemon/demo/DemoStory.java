package io.farblock.daemon.demo;

import static io.farblock.daemon.config.SizeText.of;

import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.control.ControlException;
import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * What happens between the two sites, epoch by epoch. Runs on the main thread; faults come from their own thread and
 * are over before the next epoch begins. A fault that came too late is tried again with more data and slower lines,
 * three times at most, and is a failure after that.
 */
final class DemoStory
{
    private static final double CHANGED_SHARE = 0.03;
    private static final double FAULT_SHARE = 0.08;
    private static final long MOST_FAULT_BLOCKS = (64L << 20) / DemoImage.BLOCK_BYTES;
    private static final int ATTEMPTS = 3;
    private static final long EPOCH_SECONDS = 4;
    private static final double FROM = 0.35;
    private static final double TO = 0.8;
    private static final double WIRE_OVERHEAD = 1.1;
    private static final long WIRE_SLACK_BYTES = 256 << 10;

    private final DemoSites sites;
    private final DemoScreen screen;
    private final NanoClock clock;
    private final long sizeBytes;
    private final List<DemoReport.Round> rounds = new ArrayList<>();

    DemoStory(final DemoSites sites, final DemoScreen screen, final NanoClock clock, final long sizeBytes)
    {
        this.sites = sites;
        this.screen = screen;
        this.clock = clock;
        this.sizeBytes = sizeBytes;
    }

    List<DemoReport.Round> rounds()
    {
        return List.copyOf(rounds);
    }

    /** The whole story, with an image that may be changed. */
    void tell(final DemoImage image) throws ControlException, DemoException, IOException, InterruptedException
    {
        screen.say("1. The first epoch copies everything");
        ended("first copy", -1, new EpochFollower(screen, clock).follow(sites.source(), "full"));

        incremental(image);

        screen.say("3. A line is cut in mid-epoch");
        faulty(image, "line cut", this::cutNorth);
        sites.north().mend();
        screen.say("  line north is mended");

        screen.say("4. The target is killed (kill -9) in mid-epoch and started again");
        faulty(image, "target killed", this::killTarget);
    }

    /** The story for a device that must be left alone: both faults hit the first copy. */
    void tellWithoutWriting() throws ControlException, DemoException, IOException, InterruptedException
    {
        screen.say("1. The first epoch copies everything; meanwhile a line is cut and the target is killed");
        // Slow enough that there is a middle to hit, fast enough to watch.
        sites.limit(Math.max(1 << 20, sizeBytes / (2 * EPOCH_SECONDS)));
        final EpochFollower follower = new EpochFollower(screen, clock);
        final FaultTrigger trigger = new FaultTrigger(follower::scannedShare,
            List.of(new Fault(0.2, 0.5, this::cutNorth), new Fault(0.4, TO, share ->
            {
                killTarget(share);
                sites.limit(0);
            })));
        final EpochResult result;
        try (trigger)
        {
            trigger.launch();
            result = follower.follow(sites.source(), "full");
        }
        throwFailure(trigger);
        ended(switch (trigger.happened())
        {
            case 2 -> "first copy, line cut, target killed";
            case 1 -> "first copy, line cut";
            default -> "first copy";
        }, -1, result);
        if (trigger.happened() < 2)
        {
            screen.say("  the epoch was over too soon for " + (trigger.happened() == 0 ? "both faults" : "the kill")
                + ": not shown; a larger device gives it time");
        }
        sites.north().mend();
    }

    private void incremental(final DemoImage image) throws ControlException, DemoException, IOException
    {
        final long written = image.change(Math.max(1, (long)(image.blocks() * CHANGED_SHARE)));
        screen.say("2. " + of(written) + " were changed at random; the next epoch moves only them");
        final EpochResult result = new EpochFollower(screen, clock).follow(sites.source(), "changes");
        ended("changes", written, result);
        screen.say(String.format(Locale.ROOT, "  moved %.1f %% of the device", 100.0 * result.wireBytes() / sizeBytes));
        if (result.changedBytes() > written || result.wireBytes() > WIRE_OVERHEAD * written + WIRE_SLACK_BYTES)
        {
            throw new DemoException("the epoch moved more than was changed: " + written + " bytes written, "
                + result.changedBytes() + " found changed, " + result.wireBytes() + " sent");
        }
    }

    private void faulty(final DemoImage image, final String what, final Fault.Action action)
        throws ControlException, DemoException, IOException
    {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++)
        {
            final long scale = 1L << attempt - 1;
            final long blocks = Math.min(MOST_FAULT_BLOCKS, (long)(image.blocks() * FAULT_SHARE)) * scale;
            final long written = image.change(Math.max(8, blocks));
            sites.limit(Math.max(1, written / (EPOCH_SECONDS * scale)));
            screen.say("  " + of(written) + " were changed; the lines are slowed so that it takes about "
                + EPOCH_SECONDS * scale + " s");
            final long before = sites.carriedBytes();
            final FaultTrigger trigger = new FaultTrigger(
                () -> (double)(sites.carriedBytes() - before) / written, List.of(new Fault(FROM, TO, action)));
            final EpochResult result;
            try (trigger)
            {
                trigger.launch();
                result = new EpochFollower(screen, clock).follow(
                    sites.source(), what, group -> sites.carriedBytes() - before, written);
            }
            sites.limit(0);
            throwFailure(trigger);
            if (trigger.happened() == 1)
            {
                ended(what, written, result);
                return;
            }
            ended("(too fast for a fault)", written, result);
            screen.say("  that epoch was over before anything could happen to it" + (attempt < ATTEMPTS
                ? "; once more with more data and slower lines" : ""));
        }
        throw new DemoException("no epoch was long enough to be hit in its middle; nothing is shown about: " + what);
    }

    private void cutNorth(final double share)
    {
        sites.north().cut();
        screen.say("  line north is cut at " + Math.round(100 * share) + " % of the epoch");
    }

    private void killTarget(final double share) throws DemoException, IOException, InterruptedException
    {
        sites.target().kill();
        screen.say("  beta is killed at " + Math.round(100 * share) + " % of the epoch");
        final long beganNs = clock.nanoTime();
        sites.target().start();
        screen.say(String.format(Locale.ROOT, "  beta runs again after %.1f s (pid %d)",
            (double)(clock.nanoTime() - beganNs) / TimeUnit.SECONDS.toNanos(1), sites.target().pid()));
    }

    private static void throwFailure(final FaultTrigger trigger) throws DemoException
    {
        if (trigger.failure() != null)
        {
            throw new DemoException("a fault could not be made: " + trigger.failure().getMessage());
        }
    }

    private void ended(final String what, final long written, final EpochResult result)
    {
        rounds.add(new DemoReport.Round(what, written, result));
        screen.say("  epoch " + result.epoch() + " is sealed: " + of(result.changedBytes()) + " changed, "
            + of(result.wireBytes()) + " sent for a device of " + of(sizeBytes) + ", in "
            + DurationText.of(result.elapsedNs()));
    }
}
