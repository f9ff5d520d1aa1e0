package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import io.farblock.raidsim.layout.StripeLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random requests, failures, returns, rebuilds, replacements, scrubs and restarts of arrays of every level, against a
 * byte array: what the level promises is right, the rest is right or an error. {@code -Drounds=N} makes N times as many
 * operations; a failure names its seed, {@code -Draid.seed=N} repeats it.
 */
class RandomArrayTest
{
    private static final int OPERATIONS = 100_000;
    private static final int SHAPES = 14;
    private static final int MEMBER_BYTES = 96 * 1024;

    private ArrayLab lab;
    private ArrayModel model;
    private StripeLayout layout;
    private SplittableRandom random;
    private ArrayEvent news;
    private String when;

    static Stream<Arguments> shapes()
    {
        final int bit = 64 * 1024;
        return Stream.of(
            Arguments.of(ArrayShape.of(RaidLevel.RAID0).withChunk(4096), 3),
            Arguments.of(ArrayShape.of(RaidLevel.RAID1), 2),
            Arguments.of(ArrayShape.of(RaidLevel.RAID1).withBitmap(4096), 3),
            Arguments.of(ArrayShape.of(RaidLevel.RAID5).withChunk(4096), 3),
            Arguments.of(ArrayShape.of(RaidLevel.RAID5).withChunk(16384).withBitmap(4096), 4),
            Arguments.of(ArrayShape.of(RaidLevel.RAID5).withChunk(8192).withBitmap(bit), 7),
            Arguments.of(ArrayShape.of(RaidLevel.RAID6).withChunk(4096), 4),
            Arguments.of(ArrayShape.of(RaidLevel.RAID6).withChunk(8192).withBitmap(4096), 5),
            Arguments.of(ArrayShape.of(RaidLevel.RAID6).withChunk(32768).withBitmap(bit), 9),
            Arguments.of(ArrayShape.of(RaidLevel.RAID10).withChunk(4096), 4),
            Arguments.of(ArrayShape.of(RaidLevel.RAID10).withChunk(8192).withBitmap(8192), 3),
            Arguments.of(ArrayShape.of(RaidLevel.RAID10).withChunk(4096).withLayout(0x201).withBitmap(4096), 4),
            Arguments.of(ArrayShape.of(RaidLevel.RAID10).withChunk(4096).withLayout(0x10201).withBitmap(bit), 5),
            Arguments.of(ArrayShape.of(RaidLevel.RAID10).withChunk(16384).withLayout(0x103).withBitmap(bit), 5));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldHoldWhatItsLevelPromises(final ArrayShape shape, final int slots) throws Exception
    {
        final long seed = Long.getLong("raid.seed", System.nanoTime());
        final int operations = OPERATIONS / SHAPES * Math.max(1, Integer.getInteger("rounds", 1)) + 1;
        random = new SplittableRandom(seed);
        lab = new ArrayLab(slots, MEMBER_BYTES);
        lab.create(shape, slots);
        layout = ArrayShape.layoutOf(lab.array.description());
        model = new ArrayModel(lab, layout);

        for (int i = 0; i < operations; i++)
        {
            when = "operation " + i + " of -Draid.seed=" + seed + " on " + shape + ", " + slots + " slots";
            operate();
            judgeNews();
        }

        lab.settle();
        model.judge();
        when = "at the end of -Draid.seed=" + seed;
        for (int at = 0; at < lab.size(); at += 4096)
        {
            read(at, 4096);
        }
        lab.array.close();
    }

    /** A member that took another's place may have sectors that cannot be read, where the other had none. */
    private void judgeNews()
    {
        final List<ArrayEvent> events = lab.array.events();
        final ArrayEvent last = events.isEmpty() ? null : events.get(events.size() - 1);
        if (last != news)
        {
            news = last;
            model.judge();
        }
    }

    private void operate() throws RaidException
    {
        final int what = random.nextInt(1000);
        if (what < 450)
        {
            write(random.nextInt(10) == 0);
        }
        else if (what < 800)
        {
            final int from = random.nextInt(lab.size() / 512) * 512;
            read(from, Math.min(lab.size() - from, (1 + random.nextInt(96)) * 512));
        }
        else if (what < 900)
        {
            lab.step();
            // a disk that decayed while it was filled to replace another one is a member now
            model.judge();
        }
        else if (what < 920)
        {
            assertThat(lab.array.flush()).as("flush, %s", when).isZero();
        }
        else
        {
            change(what - 920);
        }
    }

    private void change(final int what) throws RaidException
    {
        if (what < 15)
        {
            fail();
        }
        else if (what < 35)
        {
            bringBack();
        }
        else if (what < 45)
        {
            lab.settle();
            model.judge();
        }
        else if (what < 50)
        {
            replace();
        }
        else if (what < 60)
        {
            spoil();
        }
        else if (what < 65)
        {
            restart();
        }
        else if (what < 70)
        {
            scrub();
        }
    }

    private void write(final boolean zeros)
    {
        final int from = random.nextInt(lab.size() / 512) * 512;
        final int length = Math.min(lab.size() - from, (1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 20)) * 512);
        final byte[] data = zeros ? new byte[length] : pattern(random.nextLong(), length);
        final int result = zeros ? lab.array.zero(from, length) : lab.bytes.tryWrite(from, data);
        model.written(from, data, result, when);
    }

    private void read(final int from, final int length)
    {
        final ByteBuffer buffer = AlignedBuffers.allocate(length);
        final int result = lab.array.read(from, buffer, 0, length);
        model.read(from, DeviceBytes.content(buffer), result, when);
    }

    /** Fails a member that the array can lose, by order or by pulling its disk. */
    private void fail() throws RaidException
    {
        final int slot = random.nextInt(layout.slots());
        final long inSync = model.inSync();
        final boolean canLose = (inSync >>> slot & 1) != 0 && layout.survives(inSync & ~(1L << slot));
        for (final ArrayMember member : lab.array.describe().members())
        {
            if (canLose && member.slot() == slot && member.role() == ArrayMember.Role.IN_SYNC)
            {
                if (random.nextBoolean())
                {
                    lab.array.fail(slot);
                }
                else
                {
                    lab.pull(member.name());
                }
                model.judge();
                return;
            }
        }
    }

    /** Adds a disk that failed, or a new one instead. */
    private void bringBack() throws RaidException
    {
        final List<ArrayMember> failed = new ArrayList<>(lab.array.describe().members(ArrayMember.Role.FAULTY));
        if (!failed.isEmpty())
        {
            final ArrayMember back = failed.get(random.nextInt(failed.size()));
            lab.array.remove(back.name());
            final FaultyDisk disk = lab.plug(back.name());
            lab.array.add(ArrayLab.handles(List.of(disk)).get(0));
        }
    }

    private void replace() throws RaidException
    {
        final boolean spare = lab.array.describe().members(ArrayMember.Role.SPARE).isEmpty();
        if (layout.redundantStrips() > 0 && lab.array.describe().missingMembers() == 0 && lab.disks.size() < 12)
        {
            if (spare)
            {
                lab.array.add(ArrayLab.handles(List.of(lab.addDisk(MEMBER_BYTES))).get(0));
            }
            final int slot = random.nextInt(layout.slots());
            // adding the spare may have shown that a member is gone
            if (lab.array.describe().members(ArrayMember.Role.REPLACING).isEmpty() &&
                lab.array.describe().missingMembers() == 0)
            {
                lab.array.replace(slot);
            }
        }
    }

    private void spoil()
    {
        final FaultyDisk disk = lab.disks.get(random.nextInt(lab.disks.size()));
        final int at = ArrayLab.HEAD_BYTES + random.nextInt(MEMBER_BYTES / 512) * 512;
        disk.inject(new DiskFault.LatentSectors(at, 512L * (1 + random.nextInt(10))));
        model.judge();
    }

    private void restart() throws RaidException
    {
        lab.array.close();
        lab.reopenAll();
        model.judge();
    }

    private void scrub() throws RaidException
    {
        if (layout.redundantStrips() > 0)
        {
            lab.array.scrub(random.nextBoolean() ? RaidArray.Scrub.CHECK : RaidArray.Scrub.REPAIR);
            lab.settle();
            model.judge();
            assertThat(lab.array.describe().mismatchSectors()).as("mismatches, %s", when).isZero();
        }
    }
}
