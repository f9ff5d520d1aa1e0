package io.farblock.raidsim.disk;

import static io.farblock.blockdev.DeviceBytes.filled;
import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.powersim.CutReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a power cut may do to a disk, and what it may not. */
class PowerCutTest
{
    private static final int SECTOR = 512;
    private static final int SECTORS = 256;
    private static final int SIZE = SECTORS * SECTOR;

    private final SimDisk disk = plainDisk(DiskSetup.DEFAULT_CACHE_BYTES);
    private final DeviceBytes bytes = new DeviceBytes(disk);

    @Test
    void shouldKeepWhatWasFlushedWhateverTheSeed()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            final byte[] data = pattern(seed, 16 * SECTOR);
            bytes.write(0, data);
            disk.flush();
            bytes.write(32 * SECTOR, data);

            disk.cut(seed);
            disk.restore();

            assertThat(bytes.read(0, 16 * SECTOR)).as("seed %d", seed).isEqualTo(data);
        }
    }

    @Test
    void shouldHoldInEachSectorWhatSomeWriteSinceTheFlushPutThere()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            final SimDisk cut = plainDisk(seed % 2 == 0 ? 64 * SECTOR : DiskSetup.DEFAULT_CACHE_BYTES);
            final DeviceBytes onCut = new DeviceBytes(cut);
            final byte[] flushed = pattern(seed, SIZE);
            onCut.write(0, flushed);
            cut.flush();
            final List<byte[]> legal = new ArrayList<>(List.of(flushed));
            byte[] now = flushed;
            for (int i = 0; i < 40; i++)
            {
                now = now.clone();
                legal.add(now);
                change(cut, onCut, now, random);
            }
            assertThat(onCut.read(0, SIZE)).as("seed %d, before the cut", seed).isEqualTo(now);

            cut.cut(seed);
            cut.restore();

            final byte[] left = onCut.read(0, SIZE);
            for (int at = 0; at < SIZE; at += SECTOR)
            {
                final int from = at;
                assertThat(legal).as("seed %d, sector %d", seed, at / SECTOR)
                    .anyMatch(state -> Arrays.equals(state, from, from + SECTOR, left, from, from + SECTOR));
            }
        }
    }

    @Test
    void shouldDoToTheNewestWritesWhatTheReportSays()
    {
        final SplittableRandom random = new SplittableRandom(11);
        final int[] seen = new int[2];
        for (int round = 0; round < 1_000; round++)
        {
            final SimDisk small = plainDisk(10 * SECTOR);
            final List<byte[]> states = new ArrayList<>(List.of(new byte[32 * SECTOR]));
            for (int i = 0; i < 6; i++)
            {
                final byte[] state = states.get(i).clone();
                final int length = (1 + random.nextInt(5)) * SECTOR;
                final int from = random.nextInt(20) * SECTOR;
                final byte[] data = pattern(random.nextLong(), length);
                new DeviceBytes(small).write(from, data);
                System.arraycopy(data, 0, state, from, length);
                states.add(state);
            }

            final CutReport cut = small.cut(round);

            small.restore();
            final int decided = cut.kept() + cut.dropped() + cut.torn();
            final byte[] left = new DeviceBytes(small).read(0, 32 * SECTOR);
            if (cut.dropped() == decided || cut.kept() == decided)
            {
                assertThat(left).as("round %d, %s", round, cut)
                    .isEqualTo(states.get(cut.kept() == decided ? 6 : 6 - decided));
                seen[cut.kept() == decided ? 0 : 1]++;
            }
        }
        assertThat(seen[0]).isGreaterThan(15);
        assertThat(seen[1]).isGreaterThan(15);
    }

    @Test
    void shouldKeepDropAndTear()
    {
        for (int i = 0; i < 90; i++)
        {
            bytes.write(2L * i * SECTOR, filled(1, 2 * SECTOR));
        }

        final CutReport cut = disk.cut(5);

        assertThat(cut.kept()).isBetween(15, 45);
        assertThat(cut.dropped()).isBetween(15, 45);
        assertThat(cut.torn()).isEqualTo(90 - cut.kept() - cut.dropped());
    }

    @Test
    void shouldRepeatACutUnderTheSameSeed()
    {
        final byte[][] left = new byte[2][];
        for (int round = 0; round < 2; round++)
        {
            final SimDisk same = plainDisk(DiskSetup.DEFAULT_CACHE_BYTES);
            new DeviceBytes(same).write(0, pattern(1, SIZE / 2));
            new DeviceBytes(same).write(SIZE / 4, pattern(2, SIZE / 2));
            same.cut(77);
            same.restore();
            left[round] = new DeviceBytes(same).read(0, SIZE);
        }

        assertThat(left[0]).isEqualTo(left[1]);
    }

    @Test
    void shouldLoseAtMostWhatTheCacheHolds()
    {
        final SimDisk small = plainDisk(4 * SECTOR);
        final DeviceBytes onSmall = new DeviceBytes(small);
        for (int i = 0; i < 10; i++)
        {
            onSmall.write(i * SECTOR, filled(1, SECTOR));
        }

        final CutReport cut = small.cut(3);

        small.restore();
        assertThat(cut.kept() + cut.dropped() + cut.torn()).isEqualTo(4);
        assertThat(onSmall.read(0, 6 * SECTOR)).containsOnly(1);
    }

    @Test
    void shouldAnswerNothingWithoutPower()
    {
        disk.cut(1);

        final int[] results = {bytes.tryRead(0, SECTOR), bytes.tryWrite(0, filled(2, SECTOR)), disk.zero(0, SECTOR),
            disk.discard(0, SECTOR), disk.flush(), (int)disk.nextData(0), (int)disk.nextHole(0)};

        assertThat(results).containsOnly(-Errno.ENXIO);
        assertThatThrownBy(() -> disk.cut(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldLoseWhatALyingFlushPromisedAndPutItOnRecord()
    {
        final DiskFault lie = new DiskFault.LyingFlush();
        boolean lost = false;
        for (int seed = 0; seed < 20; seed++)
        {
            final SimDisk lying = plainDisk(DiskSetup.DEFAULT_CACHE_BYTES);
            lying.inject(lie);
            new DeviceBytes(lying).write(0, filled(1, SECTOR));
            assertThat(lying.flush()).isZero();

            final CutReport cut = lying.cut(seed);

            lost |= cut.dropped() == 1;
            assertThat(lying.hits()).hasSize(cut.kept() == 1 ? 1 : 2)
                .allMatch(hit -> hit.fault() == lie && hit.isSilent());
        }
        assertThat(lost).isTrue();
    }

    @Test
    void shouldFlushForGoodWhenTheFirmwareIsHonestAgain()
    {
        final DiskFault lie = new DiskFault.LyingFlush();
        disk.inject(lie);
        bytes.write(0, filled(1, SIZE));
        disk.flush();
        disk.heal(lie);

        disk.flush();

        final CutReport report = disk.cut(1);
        assertThat(report.decided()).isZero();
        assertThat(report.lies()).isEqualTo(1);
    }

    @Test
    void shouldLoseOnlyWhatTheDiskHasNotDestagedYet()
    {
        final VirtualTime time = new VirtualTime();
        final SimDisk timed = new SimDisk(new MemoryBlockDevice("memory", SIZE),
            DiskSetup.plain().withTime(time).withModel(DiskProfile.HDD.model()));
        new DeviceBytes(timed).write(0, filled(1, SIZE));
        time.until(time.nowNs() + 10_000_000_000L);
        new DeviceBytes(timed).write(0, filled(2, SECTOR));

        final CutReport cut = timed.cut(1);

        assertThat(cut.kept() + cut.dropped() + cut.torn()).isEqualTo(1);
    }

    @Test
    void shouldCutADiskWhoseBuffersMustBeAlignedToMoreThanASector()
    {
        final BlockDevice strict = new CheckedBlockDevice(new StrictDevice(SIZE));
        final SimDisk cut = new SimDisk(strict, DiskSetup.plain().withCacheBytes(100 * SECTOR));
        final SplittableRandom random = new SplittableRandom(4);
        for (int seed = 0; seed < 20; seed++)
        {
            cut.inject(new DiskFault.TornWrites(1, seed));
            for (int i = 0; i < 20; i++)
            {
                change(cut, new DeviceBytes(cut), new byte[SIZE], random);
            }

            final CutReport result = cut.cut(seed);

            assertThat(result.kept() + result.dropped() + result.torn()).isPositive();
            cut.restore();
        }
    }

    private static void change(
        final BlockDevice device, final DeviceBytes bytes, final byte[] model, final SplittableRandom random)
    {
        final int from = random.nextInt(SECTORS) * SECTOR;
        final int length = (1 + random.nextInt(Math.min(48, SECTORS - from / SECTOR))) * SECTOR;
        if (random.nextInt(4) == 0)
        {
            device.zero(from, length);
            Arrays.fill(model, from, from + length, (byte)0);
        }
        else
        {
            final byte[] data = pattern(random.nextLong(), length);
            bytes.write(from, data);
            System.arraycopy(data, 0, model, from, length);
        }
    }

    private static SimDisk plainDisk(final int cacheBytes)
    {
        return new SimDisk(new MemoryBlockDevice("memory", SIZE), DiskSetup.plain().withCacheBytes(cacheBytes));
    }
}
