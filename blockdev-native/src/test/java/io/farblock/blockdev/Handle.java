package io.farblock.blockdev;

/** One opening of a disk that goes on without it, as real disks do. Runs on the caller's thread. */
public final class Handle extends ForwardingBlockDevice
{
    private final Runnable onClose;

    /** @param onClose what the closing of the opening does; the disk stays. */
    public Handle(final BlockDevice disk, final Runnable onClose)
    {
        super(disk);
        this.onClose = onClose;
    }

    public Handle(final BlockDevice disk)
    {
        this(disk, () -> { });
    }

    @Override
    public void close()
    {
        onClose.run();
    }
}
