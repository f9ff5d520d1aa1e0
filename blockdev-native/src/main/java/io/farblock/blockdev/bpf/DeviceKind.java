package io.farblock.blockdev.bpf;

/** How a disk does its work, and so which tracepoints show it. */
enum DeviceKind
{
    /** NVMe, SCSI, virtio, loop: a mark at the end of a write too, so that writes begun before us are seen. */
    REQUEST(BlockEvent.ISSUE, BlockEvent.COMPLETE),
    /** md, device mapper, zram: the end of a write cannot be marked. */
    BIO(BlockEvent.QUEUE, BlockEvent.DONE);

    private final BlockEvent begin;
    private final BlockEvent end;

    DeviceKind(final BlockEvent begin, final BlockEvent end)
    {
        this.begin = begin;
        this.end = end;
    }

    BlockEvent begin()
    {
        return begin;
    }

    BlockEvent end()
    {
        return end;
    }
}
