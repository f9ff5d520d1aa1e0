package io.farblock.raidsim.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.ForwardingBlockDevice;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.powersim.PowerRail;
import io.farblock.raidsim.disk.DiskSetup;
import io.farblock.raidsim.disk.SimDisk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Disks with volatile caches on one power supply, which goes in the midst of whatever they do: before a request that
 * changes something, chosen by its number. What was not flushed is kept, lost or torn by lot. One thread.
 */
final class Rail
{
    final List<SimDisk> disks = new ArrayList<>();
    private final PowerRail power = new PowerRail();
    private SimDisk journal;
    private final long seed;
    private long requestsLeft = Long.MAX_VALUE;
    private int cuts;

    Rail(final int disks, final long sizeBytes, final long seed)
    {
        this.seed = seed;
        for (int i = 0; i < disks; i++)
        {
            this.disks.add(new SimDisk(new MemoryBlockDevice("disk" + i, sizeBytes), DiskSetup.plain()));
            power.plug(this.disks.get(i));
        }
    }

    void addJournal(final long sizeBytes)
    {
        journal = new SimDisk(new MemoryBlockDevice("journal", sizeBytes), DiskSetup.plain());
        power.plug(journal);
    }

    BlockDevice journal()
    {
        return new Plug(journal);
    }

    /** The power goes before so many more requests were done. */
    void cutAfter(final long requests)
    {
        requestsLeft = requests;
    }

    boolean isCut()
    {
        return requestsLeft < 0;
    }

    void cut()
    {
        requestsLeft = -1;
        cuts++;
        power.drop(seed * 31 + 1000L * cuts);
    }

    void powerUp()
    {
        requestsLeft = Long.MAX_VALUE;
        power.restore();
    }

    /** The disks as an array gets them: what it closes goes on. */
    List<BlockDevice> handles()
    {
        final List<BlockDevice> handles = new ArrayList<>();
        disks.forEach((disk) -> handles.add(new Plug(disk)));
        return handles;
    }

    private void request()
    {
        if (requestsLeft != Long.MAX_VALUE && requestsLeft >= 0 && requestsLeft-- == 0)
        {
            cut();
        }
    }

    /** One disk's place on the rail. */
    private final class Plug extends ForwardingBlockDevice
    {
        Plug(final SimDisk disk)
        {
            super(disk);
        }

        @Override
        public int write(final long offsetBytes, final ByteBuffer buffer, final int index, final int lengthBytes)
        {
            request();
            return super.write(offsetBytes, buffer, index, lengthBytes);
        }

        @Override
        public int zero(final long offsetBytes, final long lengthBytes)
        {
            request();
            return super.zero(offsetBytes, lengthBytes);
        }

        @Override
        public int discard(final long offsetBytes, final long lengthBytes)
        {
            request();
            return super.discard(offsetBytes, lengthBytes);
        }

        @Override
        public int flush()
        {
            request();
            return super.flush();
        }

        @Override
        public void close()
        {
            // the disk goes on
        }
    }
}
