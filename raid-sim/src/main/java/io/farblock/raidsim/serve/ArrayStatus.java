package io.farblock.raidsim.serve;

import io.farblock.raidsim.array.ArrayEvent;
import io.farblock.raidsim.md.ArrayDescription;
import java.util.List;

/**
 * How an array is, at one moment. An immutable value.
 *
 * @param array    what its members agree on.
 * @param exports  where clients find it; empty when nobody serves it.
 * @param state    one word: "clean", "rebuilding", ...
 * @param reason   the same for people, in one line.
 * @param progress of what it does by itself.
 * @param counters what its stripes have gone through.
 * @param disks    in the order of their slots, then the others.
 * @param journal  "in use", "given up" or "not served"; null when there is none.
 * @param events   the last ones, oldest first.
 */
public record ArrayStatus(ArrayDescription array, List<String> exports, String state, String reason,
    Progress progress, Counters counters, List<DiskStatus> disks, DiskStatus journal, List<ArrayEvent> events)
{
    public ArrayStatus
    {
        exports = List.copyOf(exports);
        disks = List.copyOf(disks);
        events = List.copyOf(events);
    }

    /**
     * What an array does by itself. An immutable value.
     *
     * @param action              md's word; "idle" for nothing, empty when nobody serves the array.
     * @param doneBytes           of each member.
     * @param totalBytes          0 when nothing is to be done.
     * @param bytesPerSecond      0 when unknown.
     * @param limitBytesPerSecond 0 for none.
     * @param mismatchBytes       found by the last scrub.
     */
    public record Progress(String action, long doneBytes, long totalBytes, long bytesPerSecond,
        long limitBytesPerSecond, long mismatchBytes)
    {
        static final Progress NONE = new Progress("", 0, 0, 0, 0, 0);

        public boolean isRunning()
        {
            return totalBytes > 0;
        }

        public double percent()
        {
            return totalBytes > 0 ? Math.min(100.0, 100.0 * doneBytes / totalBytes) : 0;
        }

        /** Seconds, or -1 when unknown. */
        public long leftSeconds()
        {
            return bytesPerSecond > 0 ? Math.round((double)(totalBytes - doneBytes) / bytesPerSecond) : -1;
        }
    }

    /** Of stripes, since the array was started; see the array's counters. An immutable value. */
    public record Counters(long fullStripes, long readModifyWrites, long reconstructWrites, long reconstructedBytes)
    {
        static final Counters NONE = new Counters(0, 0, 0, 0);
    }
}
