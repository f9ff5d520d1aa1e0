package io.farblock.replication.target;

import io.farblock.blockdev.Errno;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.merkle.TreeException;
import io.farblock.replication.status.StageMeter;
import io.farblock.replication.wire.ReceivedText;
import io.farblock.replication.wire.sbe.AbortEpochDecoder;
import io.farblock.replication.wire.sbe.AttemptState;
import io.farblock.replication.wire.sbe.BeginEpochDecoder;
import io.farblock.replication.wire.sbe.BlockDecoder;
import io.farblock.replication.wire.sbe.SealEpochDecoder;
import io.farblock.replication.wire.sbe.VolumeRootDecoder;
import io.farblock.replication.wire.sbe.ZeroBlocksDecoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes verified frames in order: journals them, or writes them to a seeding replica; compares roots; seals; applies.
 * Whatever it refuses, it goes on taking frames and acknowledging them, so that the source can begin anew.
 *
 * <p>Thread {@code tgt-apply}. The only writer of journal, replicas, tables and the ring's {@code applied} sequence.
 */
final class ApplyStage implements Agent
{
    private static final Logger LOG = LoggerFactory.getLogger("farblock.target");
    private static final int BATCH = 32;
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

    private final TargetRing ring;
    private final PeerReceiver receiver;
    private final List<ReplicaGroup> groups;
    private final List<ReplicaVolume> volumes;
    private final TargetRequests requests;
    private final TargetWriter writer = new TargetWriter();
    private final SeedRun seedRun;
    private final NanoClock clock;
    private final long incarnation;
    private final StageMeter meter = new StageMeter("apply");

    private ReplicaGroup group;
    private long attempt;
    private long epoch;
    private final Set<ReplicaVolume> agreed = new HashSet<>();
    private boolean open;
    private ApplyPass pass;
    private String blockedReason = "";
    private long retryAtNs;
    private long lastCheckNs;

    ApplyStage(
        final TargetRing ring,
        final PeerReceiver receiver,
        final List<ReplicaGroup> groups,
        final List<ReplicaVolume> volumes,
        final TargetRuntime runtime)
    {
        this.ring = ring;
        this.receiver = receiver;
        this.groups = groups;
        this.volumes = volumes;
        this.seedRun = new SeedRun(ring);
        this.clock = runtime.clock();
        this.incarnation = runtime.incarnation();
        // Not left at 0: the clock's origin is arbitrary, and before it nothing would ever be due.
        this.retryAtNs = clock.nanoTime();
        this.lastCheckNs = retryAtNs;
        this.requests = new TargetRequests(receiver, groups, volumes, writer);
    }

    @Override
    public void onStart()
    {
        meter.started();
    }

    @Override
    public int doWork()
    {
        int work = pass != null ? applySealed() : takeFrames();
        if (!open && pass == null)
        {
            work += rehash();
            work += requests.answer("");
        }
        else if (pass != null && !blockedReason.isEmpty())
        {
            work += requests.answer(blockedReason);
        }
        closeSilent();
        return work;
    }

    @Override
    public void onClose()
    {
        groups.forEach(ReplicaGroup::closeSegment);
        volumes.forEach(ReplicaVolume::close);
    }

    @Override
    public String roleName()
    {
        return "tgt-apply";
    }

    StageMeter meter()
    {
        return meter;
    }

    /**
     * Applies a segment that a crash left whole and sealed, before the target listens.
     *
     * @throws IOException when a device refuses; the segment stays for the next start.
     */
    void recover(final ReplicaGroup sealedGroup, final long sealedEpoch, final Consistency consistency)
        throws IOException
    {
        applyNext(sealedGroup, sealedEpoch, consistency);
        int result = 0;
        try
        {
            while (!pass.isFinished() && result >= 0)
            {
                result = pass.step();
            }
        }
        finally
        {
            pass.close();
            pass = null;
        }
        if (result < 0)
        {
            sealedGroup.closeSegment();
            throw new IOException("epoch " + sealedEpoch + " of group " + sealedGroup.name() +
                " is sealed but cannot be applied: " + Errno.describe(result) + "; mend the cause and restart");
        }
    }

    private void applyNext(final ReplicaGroup sealedGroup, final long sealedEpoch, final Consistency consistency)
    {
        group = sealedGroup;
        epoch = sealedEpoch;
        group.volumes().forEach(volume -> volume.applying(sealedEpoch));
        pass = new ApplyPass(group, epoch, consistency, ring.blockBytes);
    }

    private int takeFrames()
    {
        final long from = ring.applied.get() + 1;
        final long to = Math.min(ring.verifiedUpTo(), from + BATCH - 1);
        long next = from;
        while (next <= to && pass == null)
        {
            take(ring.ring.get(next));
            next++;
        }
        if (next == from)
        {
            return 0;
        }
        writeSeedRun();
        ring.applied.set(next - 1);
        acknowledge();
        return (int)(next - from);
    }

    private void take(final TargetSlot slot)
    {
        try
        {
            switch (slot.kind)
            {
                case SESSION -> session();
                case VOID -> LOG.debug("a frame never came before its session ended");
                case FRAME -> frame(slot);
            }
        }
        catch (final TreeException | IOException ex)
        {
            refuse(ex.getMessage(), false);
        }
    }

    private void session()
    {
        abandon("its session is over");
        receiver.report(AttemptReport.NONE);
    }

    private void frame(final TargetSlot slot) throws IOException
    {
        if (slot.template == BeginEpochDecoder.TEMPLATE_ID && slot.problem == null)
        {
            begin(slot);
            return;
        }
        if (!open)
        {
            return;
        }
        if (slot.problem != null)
        {
            refuse("the target received " + slot.problem, true);
            return;
        }
        switch (slot.template)
        {
            case BlockDecoder.TEMPLATE_ID, ZeroBlocksDecoder.TEMPLATE_ID -> blocks(slot);
            case VolumeRootDecoder.TEMPLATE_ID -> root(slot);
            case SealEpochDecoder.TEMPLATE_ID -> seal(slot);
            case AbortEpochDecoder.TEMPLATE_ID -> abandon("aborted by the source");
            default -> throw new IllegalStateException("verify lets no frame of type " + slot.template + " pass");
        }
    }

    private void begin(final TargetSlot slot) throws IOException
    {
        abandon("a newer attempt begins");
        attempt = slot.attempt;
        epoch = slot.epoch;
        agreed.clear();
        group = groups.stream().filter(known -> known.name().equals(slot.group)).findFirst().orElse(null);
        open = true;
        if (group == null)
        {
            refuse("there is no replica for group \"" + ReceivedText.name(slot.group) + "\"", false);
            return;
        }
        for (final ReplicaVolume volume : group.volumes())
        {
            if (!volume.isOpen() || volume.isRehashing() || volume.state() == ReplicaState.FAILED)
            {
                refuse("volume " + volume.config().volume() + " is not open: " + volume.reason(), true);
                return;
            }
            if (epoch <= volume.sealedEpoch())
            {
                // A start after a crash takes a segment of an epoch that is not newer for one that was applied.
                refuse("epoch " + epoch + ", expected one after " + volume.sealedEpoch() + ", which volume " +
                    volume.config().volume() + " has", true);
                return;
            }
        }
        group.openSegment(epoch, attempt, incarnation);
        if (!isKept(SegmentVolumes.describe(group.segment(), group, volumes::indexOf)))
        {
            return;
        }
        report(AttemptState.OPEN, true, "");
        LOG.info("epoch peer={} group={} epoch={} attempt={} state=open", receiver.peer(), group.name(), epoch,
            attempt);
    }

    private void blocks(final TargetSlot slot) throws IOException
    {
        final ReplicaVolume volume = volumeOf(slot);
        if (volume == null || !volume.contains(slot.blockIndex, slot.blockCount) ||
            slot.template == BlockDecoder.TEMPLATE_ID && slot.lengthBytes != volume.lengthOf(slot.blockIndex))
        {
            refuse("blocks " + slot.blockIndex + "+" + slot.blockCount + " of volume " + slot.volumeId +
                " are not within any volume of group " + group.name(), false);
            return;
        }
        meter.count(slot.lengthBytes);
        if (volume.isSeeding())
        {
            seed(volume, slot);
            return;
        }
        if (!isKept(group.segment().append(slot.frame, 0, slot.frameBytes)))
        {
            return;
        }
        group.measureJournal();
        if (slot.template == BlockDecoder.TEMPLATE_ID)
        {
            volume.pending().set(slot.blockIndex, slot.digest);
        }
        else
        {
            volume.pending().zero(slot.blockIndex, slot.blockCount);
        }
    }

    private void seed(final ReplicaVolume volume, final TargetSlot slot) throws IOException
    {
        if (slot.template == BlockDecoder.TEMPLATE_ID)
        {
            if (!seedRun.follows(volume, slot))
            {
                writeSeedRun();
            }
            if (open)
            {
                seedRun.add(volume, slot);
            }
            return;
        }
        writeSeedRun();
        if (!open || volume.table().nextNonZero(slot.blockIndex) >= slot.blockIndex + slot.blockCount)
        {
            return;
        }
        int result = volume.admitSeed(slot.blockIndex, slot.blockCount);
        if (result >= 0)
        {
            result = volume.replica().zero(
                slot.blockIndex * volume.blockBytes(), volume.lengthOf(slot.blockIndex, slot.blockCount));
        }
        if (result < 0)
        {
            volume.unknown(slot.blockIndex, slot.blockCount);
            refuseWrite(volume, slot.blockIndex, result);
            return;
        }
        volume.table().zero(slot.blockIndex, slot.blockCount);
    }

    private void writeSeedRun()
    {
        if (seedRun.isEmpty())
        {
            return;
        }
        final ReplicaVolume volume = seedRun.volume();
        final long block = seedRun.firstBlock();
        try
        {
            final int result = seedRun.write();
            if (result < 0)
            {
                refuseWrite(volume, block, result);
            }
        }
        catch (final TreeException | IOException ex)
        {
            refuse(ex.getMessage(), false);
        }
    }

    private void root(final TargetSlot slot) throws IOException
    {
        writeSeedRun();
        if (!open)
        {
            // Refused just now, for a better reason.
            return;
        }
        final ReplicaVolume volume = volumeOf(slot);
        if (volume == null)
        {
            refuse("a root for a volume that is not in group " + group.name(), false);
            return;
        }
        final byte[] ours = volume.isSeeding() ? volume.table().root() : volume.pending().root();
        if (!Arrays.equals(ours, slot.digest))
        {
            refuse("digests of volume " + volume.config().volume() + " do not come to the source's root", true);
            return;
        }
        if (isKept(group.segment().append(slot.frame, 0, slot.frameBytes)))
        {
            agreed.add(volume);
        }
    }

    private void seal(final TargetSlot slot) throws IOException
    {
        if (slot.attempt != attempt || agreed.size() != group.volumes().size())
        {
            refuse("a seal with " + agreed.size() + " agreed roots, expected " + group.volumes().size(), true);
            return;
        }
        for (final ReplicaVolume volume : group.volumes())
        {
            final int result = volume.isSeeding() ? volume.settleSeed() : 0;
            if (result < 0)
            {
                refuse(volume.reason(), false);
                return;
            }
        }
        if (!isKept(group.segment().seal(slot.frame, 0, slot.frameBytes)))
        {
            return;
        }
        open = false;
        applyNext(group, epoch, slot.consistency);
        report(AttemptState.SEALED, true, "");
        LOG.info("epoch peer={} group={} epoch={} attempt={} state=sealed class={} journal={}", receiver.peer(),
            group.name(), epoch, attempt, slot.consistency.text(), group.journalBytes());
    }

    private int applySealed()
    {
        if (clock.nanoTime() - retryAtNs < 0)
        {
            return 0;
        }
        int result;
        String reason = "";
        try
        {
            result = pass.step();
        }
        catch (final TreeException | IOException ex)
        {
            result = -Errno.EIO;
            reason = ex.getMessage();
        }
        if (result < 0)
        {
            final String why = "epoch " + epoch + " is sealed but cannot be applied now: " +
                (reason.isEmpty() ? Errno.describe(result) : reason);
            LOG.warn("epoch peer={} group={} state=blocked reason=\"{}\"", receiver.peer(), group.name(), why);
            group.volumes().stream().filter(volume -> volume.state() != ReplicaState.FAILED)
                .forEach(volume -> volume.blocked(why));
            blockedReason = why;
            report(AttemptState.SEALED, true, why);
            acknowledge();
            if (group.volumes().stream().anyMatch(volume -> volume.state() == ReplicaState.FAILED))
            {
                // A flush that failed is final: the segment stays for the next start, nothing is tried again before.
                pass.close();
                pass = null;
                group.closeSegment();
                return 1;
            }
            pass.restart();
            retryAtNs = clock.nanoTime() + RETRY_NS;
            return 1;
        }
        if (pass.isFinished())
        {
            pass.close();
            pass = null;
            blockedReason = "";
            report(AttemptState.APPLIED, true, "");
            acknowledge();
            LOG.info("epoch peer={} group={} epoch={} state=applied", receiver.peer(), group.name(), epoch);
        }
        return 1;
    }

    private int rehash()
    {
        for (int i = 0; i < volumes.size(); i++)
        {
            if (volumes.get(i).isRehashing())
            {
                return rehash(volumes.get(i));
            }
        }
        return 0;
    }

    private static int rehash(final ReplicaVolume volume)
    {
        try
        {
            return volume.rehashStep();
        }
        catch (final TreeException ex)
        {
            volume.fail(ex.getMessage());
            return 0;
        }
    }

    private ReplicaVolume volumeOf(final TargetSlot slot)
    {
        final ReplicaVolume volume = slot.volumeId < volumes.size() ? volumes.get(slot.volumeId) : null;
        return volume != null && group.volumes().contains(volume) ? volume : null;
    }

    private boolean isKept(final int result)
    {
        if (result < 0)
        {
            refuse("journal of group " + group.name() + ": " + (result == -Errno.EDQUOT ?
                "the epoch is larger than the limit (journal_limit): raise it" : Errno.describe(result)), false);
        }
        return result >= 0;
    }

    private void refuseWrite(final ReplicaVolume volume, final long block, final int errno)
    {
        refuse("cannot write " + volume.replica().name() + " at offset " + block * volume.blockBytes() + ": " +
            Errno.describe(errno), false);
    }

    private void refuse(final String reason, final boolean retryable)
    {
        LOG.warn("epoch peer={} group={} epoch={} attempt={} state=refused reason=\"{}\"", receiver.peer(),
            group == null ? "?" : group.name(), epoch, attempt, reason);
        close();
        report(AttemptState.REFUSED, retryable, reason);
    }

    private void abandon(final String reason)
    {
        if (open)
        {
            LOG.info("epoch peer={} group={} epoch={} attempt={} state=dropped reason=\"{}\"", receiver.peer(),
                group == null ? "?" : group.name(), epoch, attempt, reason);
            writeSeedRun();
            close();
        }
    }

    private void close()
    {
        open = false;
        seedRun.clear();
        if (group != null)
        {
            group.dropSegment();
            for (final ReplicaVolume volume : group.volumes())
            {
                if (volume.isOpen())
                {
                    volume.pending().reset();
                }
            }
        }
    }

    private void report(final AttemptState state, final boolean retryable, final String reason)
    {
        receiver.report(new AttemptReport(attempt, state, retryable, reason));
    }

    private void acknowledge()
    {
        final TargetConnection fastest = receiver.acksOn();
        for (int i = 0; i < PeerReceiver.MOST_PATHS; i++)
        {
            final TargetConnection connection = receiver.connection(i);
            // A peer that sends and never reads must not fill this side's memory; the next acknowledgement says it all.
            if (connection != null && (fastest == null || connection == fastest) &&
                connection.connection().isWritable())
            {
                writer.ack(connection, receiver, 0);
            }
        }
    }

    private void closeSilent()
    {
        final long nowNs = clock.nanoTime();
        if (nowNs - lastCheckNs < RETRY_NS)
        {
            return;
        }
        lastCheckNs = nowNs;
        boolean anyInMidFrame = false;
        for (int i = 0; i < PeerReceiver.MOST_PATHS; i++)
        {
            final TargetConnection connection = receiver.connection(i);
            if (connection == null)
            {
                continue;
            }
            anyInMidFrame |= connection.look(nowNs);
            if (nowNs - connection.heardNs() > SILENCE_NS + 2 * connection.intervalNs())
            {
                // A cut cable says nothing: without this its session would keep a restarted source out.
                connection.connection().close("silent for too long");
            }
        }
        if (anyInMidFrame)
        {
            // A frame takes seconds on a slow line: unless told of its bytes, the source gives the line up for dead.
            acknowledge();
        }
    }
}
