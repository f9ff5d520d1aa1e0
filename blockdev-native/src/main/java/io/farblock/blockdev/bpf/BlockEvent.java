package io.farblock.blockdev.bpf;

import java.util.Locale;

/**
 * The tracepoints of the block layer that programs run at, and what they mean for a write.
 *
 * <pre>
 *   request based   submit ── ISSUE: table, mark ──> disk ──> COMPLETE: mark, leave the table ──> writer learns of it
 *   bio based       QUEUE: table, mark ──> lower devices ──────> DONE: leave the table ──> writer learns of it
 * </pre>
 *
 * A request-based disk shows no DONE, a bio-based one no ISSUE and no COMPLETE.
 */
enum BlockEvent
{
    ISSUE("block_rq_issue", "request", true, true),
    COMPLETE("block_rq_complete", "request", true, false),
    QUEUE("block_bio_queue", "bio", true, true),
    /** Its range is useless: a stacked driver has moved it on to the last fragment. */
    DONE("block_bio_complete", "bio", false, false);

    private final String tracepoint;
    private final String struct;
    private final boolean marks;
    private final boolean begins;

    BlockEvent(final String tracepoint, final String struct, final boolean marks, final boolean begins)
    {
        this.tracepoint = tracepoint;
        this.struct = struct;
        this.marks = marks;
        this.begins = begins;
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
