package io.farblock.powersim.toy;

import io.farblock.blockdev.BlockDevice;
import io.farblock.powersim.explore.BrokenPromise;
import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Says that a number is kept before it has flushed it: broken, to be found. One thread. */
public final class Forgetful implements CrashComponent
{
    private static final int SECTOR_BYTES = 512;
    private static final int NUMBERS = 3;

    /** A number was said to be kept. */
    private record Kept(int number)
    {
    }

    @Override
    public String name()
    {
        return "forgetful";
    }

    @Override
    public void run(final Media media, final Witness witness, final SplittableRandom random)
    {
        final BlockDevice device = media.device("pad", SECTOR_BYTES);
        for (int number = 1; number <= NUMBERS; number++)
        {
            device.write(0, ByteBuffer.allocate(SECTOR_BYTES).putInt(0, number), 0, SECTOR_BYTES);
            witness.note(new Kept(number));
            device.flush();
        }
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws BrokenPromise
    {
        final ByteBuffer found = ByteBuffer.allocate(SECTOR_BYTES);
        survived.device("pad", SECTOR_BYTES).read(0, found, 0, SECTOR_BYTES);
        final int kept = witness.newest(Kept.class, new Kept(0)).number();
        BrokenPromise.unless(found.getInt(0) >= kept, kept + " was kept, found " + found.getInt(0));
    }
}
