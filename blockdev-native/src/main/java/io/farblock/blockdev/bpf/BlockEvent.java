package io.farblock.blockdev.bpf;

import java.util.Locale;

/**
 * The tracepoints of the block layer that programs run at, and what they mean for a write.
 *
 * <pre>
 *   request based   submit ── ISSUE: table, mark ──> disk ──> COMPLETE: leave the table ──> writer learns of it
 *   bio based       QUEUE: table, mark ──> lower devices ──────> DONE: leave the table ──> writer learns of it
 * </pre>
 *
 * A request-based disk shows no DONE, a bio-based one no ISSUE and no COMPLETE. An end whose begin nobody saw marks.
 */
enum BlockEvent
{
    ISSUE("block_rq_issue", "request", true, true, 2),
    COMPLETE("block_rq_complete", "request", true, false, 2),
    QUEUE("block_bio_queue", "bio", true, true, 3),
    /** Its range is useless: a stacked driver has moved it on to the last fragment. */
    DONE("block_bio_complete", "bio", false, false, 2);

    private final String tracepoint;
    private final String struct;
    private final boolean marks;
    private final boolean begins;
    private final int copies;

    BlockEvent(final String tracepoint, final String struct, final boolean marks, final boolean begins,
        final int copies)
    {
        this.tracepoint = tracepoint;
        this.struct = struct;
        this.marks = marks;
        this.begins = begins;
        this.copies = copies;
    }

    String tracepoint()
    {
        return tracepoint;
    }

    /** The kernel structure that describes the write. */
    String struct()
    {
        return struct;
    }

    /** Whether its range is to be trusted. */
    boolean marks()
    {
        return marks;
    }

    /** Whether the write is in flight after it; otherwise it has ended. */
    boolean begins()
    {
        return begins;
    }

    /**
     * How many programs run at it, of which one is enough. The kernel does not run a program that runs already on the
     * same processor, where a task, a soft and a hard interrupt can be inside at once: of three, one always runs. So
     * many has a bio's begin, without which nothing tells of the write. Of a request the begin or the end is enough;
     * and an end that was skipped leaves an entry behind, which costs reads.
     */
    int copies()
    {
        return copies;
    }

    boolean ofRequest()
    {
        return this == ISSUE || this == COMPLETE;
    }

    /** At most 15 characters with a copy's number, for pins and for the kernel. */
    String shortName()
    {
        return "fb_" + name().toLowerCase(Locale.ROOT);
    }
}
