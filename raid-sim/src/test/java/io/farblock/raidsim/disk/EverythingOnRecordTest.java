package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.pattern;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.raidsim.disk.FaultHit.Operation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random requests to a disk with random faults, compared with what a good disk would hold: whatever is wrong must be on
 * record, sector by sector, and what is not on record must be right. {@code -Drounds=N} for more.
 */
class EverythingOnRecordTest
{
    private static final int SECTOR = 512;
    private static final int SECTORS = 128;
    private static final int SIZE = SECTORS * SECTOR;
    private static final int DEFAULT_ROUNDS = 150;
    private static final long FIRST_SEED = 20_261_122;

    private final byte[] model = new byte[SIZE];
    private final BitSet damaged = new BitSet();
    private final ByteBuffer buffer = AlignedBuffers.allocate(SIZE);
    private final VirtualTime time = new VirtualTime();
    private SplittableRandom random;
    private SimDisk disk;
    private int hitsSeen;
    private boolean readHit;
    private boolean erred;

    @Test
    void shouldExplainEveryWrongByteByTheRecord()
    {
        final String asked = System.getProperty("rounds", "");
        final int rounds = asked.isEmpty() ? DEFAULT_ROUNDS : Integer.parseInt(asked);
        for (long seed = FIRST_SEED; seed < FIRST_SEED + rounds; seed++)
        {
            try
            {
                round(seed);
            }
            catch (final AssertionError | RuntimeException wrong)
            {
                throw new AssertionError("seed " + seed + ": " + wrong.getMessage(), wrong);
            }
        }
    }

    private void round(final long seed)
    {
        random = new SplittableRandom(seed);
        final DiskModel speed = random.nextBoolean() ? null :
            DiskProfile.values()[random.nextInt(DiskProfile.values().length)].model();
        disk = new SimDisk(new MemoryBlockDevice("memory", SIZE), DiskSetup.plain().withTime(time).withModel(speed)
            .withSeed(seed).withCacheBytes(random.nextInt(2 * SECTORS) * SECTOR));
        Arrays.fill(model, (byte)0);
        damaged.clear();
        hitsSeen = 0;
        for (int step = 0; step < 150; step++)
        {
            step();
        }
        disk.close();
    }

    private void step()
    {
        final int from = random.nextInt(SECTORS) * SECTOR;
        final int length = (1 + random.nextInt(Math.min(16, SECTORS - from / SECTOR))) * SECTOR;
        switch (random.nextInt(12))
        {
            case 0, 1 -> disk.inject(fault(from, length));
            case 2 -> flushAndCut();
            case 3 -> zero(from, length);
            case 4, 5, 6, 7 -> write(from, length);
            default -> read(from, length);
        }
    }

    private void write(final int from, final int length)
    {
        final byte[] data = pattern(random.nextLong(), length);
        buffer.put(0, data);
        final int result = disk.write(from, buffer, 0, length);
        System.arraycopy(data, 0, model, from, length);
        settle(from, length, result);
    }

    private void zero(final int from, final int length)
    {
        final int result = disk.zero(from, length);
        Arrays.fill(model, from, from + length, (byte)0);
        settle(from, length, result);
    }

    /** What was just written is right again, except where the record says otherwise. */
    private void settle(final int from, final int length, final int result)
    {
        if (result >= 0)
        {
            damaged.clear(from / SECTOR, (from + length) / SECTOR);
        }
        look();
        if (result < 0)
        {
            require(erred, "an error of " + result + " that is not on record");
            damaged.set(from / SECTOR, (from + length) / SECTOR);
        }
    }

    private void read(final int from, final int length)
    {
        final int result = disk.read(from, buffer, 0, length);
        look();
        require(result == length || erred, "an error of " + result + " that is not on record");
        for (int at = 0; at < length && result == length; at += SECTOR)
        {
            boolean same = true;
            for (int i = at; i < at + SECTOR; i++)
            {
                same &= buffer.get(i) == model[from + i];
            }
            require(same || readHit || damaged.get((from + at) / SECTOR),
                "sector " + (from + at) / SECTOR + " is wrong and nothing is on record");
        }
    }

    private void flushAndCut()
    {
        final int result = disk.flush();
        look();
        require(result == 0 || erred, "a failed flush that is not on record");
        if (result == 0)
        {
            disk.cut(random.nextLong());
            look();
            disk.restore();
        }
    }

    /** Notes what the newest hits say. */
    private void look()
    {
        readHit = false;
        erred = false;
        for (final FaultHit hit : disk.hits().subList(hitsSeen, disk.hits().size()))
        {
            erred |= !hit.isSilent();
            readHit |= hit.operation() == Operation.READ;
            if (hit.operation() == Operation.WRITE && hit.isSilent())
            {
                damaged.set((int)hit.offsetBytes() / SECTOR, (int)(hit.offsetBytes() + hit.lengthBytes()) / SECTOR);
            }
        }
        hitsSeen = disk.hits().size();
    }

    private DiskFault fault(final int from, final int length)
    {
        return switch (random.nextInt(12))
        {
            case 0 -> new DiskFault.LatentSectors(from, length);
            case 1 -> new DiskFault.UnwritableSectors(from, SECTOR);
            case 2 -> new DiskFault.BitRot(from, length, 1 + random.nextInt(9), random.nextLong());
            case 3 -> new DiskFault.LostWrites(1);
            case 4 -> new DiskFault.TornWrites(1, random.nextLong());
            case 5 -> new DiskFault.MisdirectedWrites(length, 1);
            case 6 -> new DiskFault.MisdirectedReads(length, 1);
            case 7 -> new DiskFault.FailingFlush(1);
            case 8 -> new DiskFault.DropOut(0, 3);
            case 9 -> new DiskFault.DropOut(1_000_000, 10);
            case 10 -> new DiskFault.Stutter(1_000, 10, random.nextLong());
            default -> new DiskFault.LyingFlush();
        };
    }

    private static void require(final boolean right, final String otherwise)
    {
        if (!right)
        {
            throw new AssertionError(otherwise);
        }
    }
}
