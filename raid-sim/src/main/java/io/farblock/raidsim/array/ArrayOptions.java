package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How an array is run; nothing of it is kept on the members. Immutable.
 *
 * @param epochSeconds the clock for superblocks and events.
 * @param listener     is told every event, on the thread that it happens on and at once; must return soon and must not
 *                     call the array.
 * @param together     brackets requests that are in flight at the same time.
 * @param journal      device for the journal that closes the write hole of RAID 5 and 6, null for none; the array owns
 *                     and closes it. Sectors of the array are 4 KiB then.
 * @param force        starts an array that is degraded and was not stopped cleanly: what is computed of stripes that
 *                     were torn is wrong then (the write hole).
 */
public record ArrayOptions(LongSupplier epochSeconds, Consumer<ArrayEvent> listener, Together together,
    BlockDevice journal, boolean force)
{
    /** Without anyone who listens. */
    public static ArrayOptions of(final LongSupplier epochSeconds)
    {
        return new ArrayOptions(epochSeconds, (event) -> { }, Together.NONE, null, false);
    }

    public ArrayOptions withListener(final Consumer<ArrayEvent> other)
    {
        return new ArrayOptions(epochSeconds, other, together, journal, force);
    }

    public ArrayOptions withTogether(final Together other)
    {
        return new ArrayOptions(epochSeconds, listener, other, journal, force);
    }

    public ArrayOptions withForce(final boolean other)
    {
        return new ArrayOptions(epochSeconds, listener, together, journal, other);
    }

    public ArrayOptions withJournal(final BlockDevice other)
    {
        return new ArrayOptions(epochSeconds, listener, together, other, force);
    }
}
