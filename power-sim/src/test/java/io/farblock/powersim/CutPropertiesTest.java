package io.farblock.powersim;

import static io.farblock.blockdev.DeviceBytes.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories and cuts, at both kinds of unit: what holds whatever is drawn. */
class CutPropertiesTest
{
    private static final int SECTOR = 512;
    private static final int GRANULE = 4096;

    @ParameterizedTest
    @ValueSource(ints = {SECTOR, GRANULE})
    void shouldLeaveEachUnitAsPromisedOrNewerAndNeverTorn(final int unitBytes)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            final VolatileDevice device = device(128L * unitBytes, VolatileSetup.plain().withUnitBytes(unitBytes)
                .withCacheBytes(seed % 3 == 0 ? 40L * unitBytes : VolatileSetup.DEFAULT_CACHE_BYTES));
            final CutHistory history = new CutHistory(device, unitBytes, seed);
            history.run(60);

            final CutReport report = device.cut(seed);
            device.restore();

            history.check("unit " + unitBytes + ", seed " + seed);
            assertThat(report.lies() + report.broken()).isZero();
        }
    }

    @Test
    void shouldTearLargeWritesAtGranulesThoughTheyBeginBetweenThem()
    {
        boolean torn = false;
        for (int seed = 0; seed < 100; seed++)
        {
            final VolatileDevice device = device(64 * GRANULE, VolatileSetup.plain().withUnitBytes(GRANULE));
            final DeviceBytes bytes = new DeviceBytes(device);
            bytes.write(3 * SECTOR, filled(1, 20 * GRANULE));

            device.cut(seed);
            device.restore();

            int changes = 0;
            final byte[] found = bytes.read(0, 21 * GRANULE);
            for (int sector = 4; sector < 20 * GRANULE / SECTOR; sector++)
            {
                final boolean changed = found[sector * SECTOR] != found[(sector - 1) * SECTOR];
                assertThat(changed && sector % (GRANULE / SECTOR) != 0).as("seed %d, sector %d", seed, sector)
                    .isFalse();
                changes += changed ? 1 : 0;
            }
            torn |= changes > 0;
        }
        assertThat(torn).as("something was torn at all").isTrue();
    }

    @Test
    void shouldLetALaterWriteSurviveAnEarlierOneAndSaySo()
    {
        int seen = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            final VolatileDevice device = device(64 * SECTOR, VolatileSetup.plain());
            final DeviceBytes bytes = new DeviceBytes(device);
            bytes.write(0, filled(1, SECTOR));
            bytes.write(32 * SECTOR, filled(2, SECTOR));

            final CutReport report = device.cut(seed);

            device.restore();
            final boolean first = bytes.read(0, SECTOR)[0] == 1;
            final boolean second = bytes.read(32 * SECTOR, SECTOR)[0] == 2;
            assertThat(report.reordered() > 0 || first || report.torn() > 0 || !second).as("seed %d", seed).isTrue();
            seen += second && !first ? 1 : 0;
        }
        assertThat(seen).isBetween(10, 60);
    }

    @Test
    void shouldDoTheSameAgainUnderTheSameSeedWithEveryOption()
    {
        final VolatileSetup setup = VolatileSetup.plain().withUnitBytes(GRANULE).withCacheBytes(50 * GRANULE)
            .withLies(FlushLies.sometimes(0.3, 5));
        final VolatileDevice one = device(128 * GRANULE, setup);
        final VolatileDevice other = device(128 * GRANULE, setup);
        new CutHistory(one, GRANULE, 9).run(100);
        new CutHistory(other, GRANULE, 9).run(100);

        final CutReport report = one.cut(3);

        assertThat(other.cut(3)).isEqualTo(report);
        one.restore();
        other.restore();
        assertThat(new DeviceBytes(one).read(0, 128 * GRANULE))
            .isEqualTo(new DeviceBytes(other).read(0, 128 * GRANULE));
    }

    private static VolatileDevice device(final long sizeBytes, final VolatileSetup setup)
    {
        return new VolatileDevice(new MemoryBlockDevice("memory", sizeBytes), setup);
    }
}
