package io.farblock.replication.status;

import io.farblock.blockdev.raid.ByteRange;
import java.util.List;

/** A source's view of one peer: its paths, its groups, and what its stages have cost. */
public record SourceStatus(String peer, String session, List<PathStatus> paths, List<GroupStatus> groups,
    List<StageStatus> stages)
{
    /**
     * One route to the peer.
     *
     * @param state              disabled, down, connecting, up or suspect.
     * @param reason             of the last change of state.
     * @param rttNs              smoothed round trip; 0 while unknown.
     * @param deliveryBytesPerSecond  measured; 0 while unknown.
     * @param sentBytes          since launch.
     * @param encrypted          false is shouted: this path carries everything in clear.
     * @param inFlightBytes      sent and not known to have arrived.
     * @param receivedBytes      from the other side, since launch.
     * @param connections        that the other side took, since launch.
     * @param suspicions         how often an answer was overdue, since launch.
     * @param cost               in mode standby dearer paths wait for cheaper ones to fail.
     * @param metered            carries frames only while no other path is up.
     * @param limitBytesPerSecond  as the calendar says now, its own or the peer's; 0 for no limit.
     */
    public record PathStatus(String name, String local, String remote, String state, String reason, long rttNs,
        long deliveryBytesPerSecond, long sentBytes, long resentFrames, boolean encrypted,
        long rttVariationNs, long inFlightBytes, long receivedBytes, long sentFrames, long connections,
        long suspicions, int cost, boolean metered, long limitBytesPerSecond)
    {
    }

    /**
     * One consistency group.
     *
     * @param phase          idle, waiting (with {@code reason}), open, resync, verify, send, seal, apply or drain.
     * @param sealedEpoch    the newest sealed epoch; 0 before the first.
     * @param consistency    class of that epoch: fuzzy, crash, fs or app; empty before the first.
     * @param rpoNs          age of the oldest write that may not be on the far side; -1 when unknown.
     * @param lastResult     how the last epoch ended; null before the first.
     * @param mode           how its epochs come to one instant: live, suspend, stop or snapshot.
     * @param pause          how long that held up whoever writes, since launch.
     * @param totalBytes     to be scanned in the running epoch; 0 when idle.
     * @param scannedBytes, changedBytes, payloadBytes, wireBytes  of the running epoch so far.
     */
    public record GroupStatus(String name, String phase, String reason, long openEpoch, long sealedEpoch,
        String consistency, long rpoNs,
        long totalBytes, long scannedBytes, long changedBytes, long payloadBytes, long wireBytes, long elapsedNs,
        EpochResult lastResult, String mode, PauseStatus pause, List<VolumeStatus> volumes)
    {
    }

    /**
     * Pauses of a group's writers, one for each time that they were held up, whether an epoch came of it or not.
     *
     * @param budgetNs what one may last; 0 when there is no limit.
     */
    public record PauseStatus(long budgetNs, long count, long lastNs, long p50Ns, long p99Ns, long maxNs)
    {
    }

    /**
     * One volume of a group.
     *
     * @param tracking how its changes are found: scan or bpf.
     * @param error    empty, or why its device cannot be used now.
     * @param gaps     where writes may have been missed; the next epoch compares there.
     * @param array    the array that its device is; null when it is none.
     * @param changes  the last ones of that array, oldest first; those of a few moments may be missing.
     * @param boot     what came of the machine's last start; null when that is not known.
     * @param markedBytes  written and not sealed, as known within the last second, in 64 KiB units; -1 when it is not
     *                 known, as where changes are found by reading.
     */
    public record VolumeStatus(String name, String device, long sizeBytes, int blockBytes, String tracking,
        String root, String error, List<GapStatus> gaps, ArrayStatus array, List<ArrayChange> changes, BootStatus boot,
        long markedBytes)
    {
    }

    /**
     * What the first epoch after the machine's last start compares.
     *
     * @param narrowed whether it is less than everything.
     * @param bytes    how much it is, as known at the start.
     * @param reason   what that rests on, or why it is everything.
     * @param open     whether that epoch is still to be sealed.
     */
    public record BootStatus(boolean narrowed, long bytes, String reason, boolean open)
    {
    }

    /**
     * An array, as the kernel says.
     *
     * @param state     clean, active, building, degraded, rebuilding, checking, failed, ...: one word.
     * @param reason    the same for people, with what is missing and how far it has come.
     * @param badBlocks of members that have any: what lies there is lost, unless other members have it.
     */
    public record ArrayStatus(String name, String state, String reason, List<BadBlocks> badBlocks)
    {
    }

    /**
     * What of a member is known to be bad.
     *
     * @param bytes  of all of it.
     * @param places how many there are.
     * @param first  offset and length on the member of the first ones.
     */
    public record BadBlocks(String member, long bytes, int places, List<ByteRange> first)
    {
    }

    /**
     * Something happened to an array.
     *
     * @param atMs   when that was seen, in ms since 1970.
     * @param from   its state before, one word; unknown at the first look.
     * @param to     its state then; the same word when something else changed, such as which members are missing.
     * @param reason the new state for people.
     */
    public record ArrayChange(long atMs, String from, String to, String reason)
    {
    }

    /**
     * A stretch in which tracking may have missed a write.
     *
     * @param cause    one word; {@code reason} says it to people.
     * @param beginMs  since when, in ms since 1970; 0 when that is not known.
     * @param endMs    since when tracking is whole again; 0 while it is not.
     */
    public record GapStatus(String cause, String reason, long beginMs, long endMs, long count, long offsetBytes,
        long lengthBytes)
    {
    }

    /**
     * What a stage of the pipeline has done.
     *
     * @param cpuNs          processor time of its thread: divided by {@code bytes}, its price per byte.
     * @param allocatedBytes on the heap by its thread: a warm stage adds nothing per block; -1 when unknown.
     */
    public record StageStatus(String name, long blocks, long bytes, long cpuNs, long allocatedBytes)
    {
    }
}
