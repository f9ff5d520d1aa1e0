package io.farblock.raidsim.disk;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Disks to choose from by name. Each figure is a maker's for the disk named beside it, except where the design note
 * says that it is an assumption. Immutable.
 */
public enum DiskProfile
{
    /** Like a Western Digital Ultrastar DC HC310 of 6 TB: OEM specification, seek and latency tables. */
    HDD("hdd", new HddModel(7_200, us(230), us(7_400), us(15_000), mb(255), mb(120), mb(600), us(100), 32, mb(2),
        mb(128), 40, ms(7_000))),
    /** Seeks like a Hitachi Travelstar 5K320, and tries for long to read a bad sector, as desktop disks do. */
    HDD_SLOW("hdd-slow", new HddModel(5_400, us(1_000), us(12_000), us(20_000), mb(110), mb(55), mb(300), us(150),
        32, mb(1), mb(16), 40, ms(60_000))),
    /** Like a Samsung 870 QVO of 1 TB: 4 bits a cell, fast for 42 GB, then slower than a turning disk. */
    SSD("ssd", new FlashModel(us(82), us(20), 8, mb(560), mb(530), mb(80), gb(42), mb(64), 0, us(1_500), gb(4),
        ms(80), ms(500))),
    /** Like an Intel DC S4500: no fast part to run out of, and a buffer that outlives the power. */
    SSD_SERVER("ssd-server", new FlashModel(us(110), us(45), 8, mb(500), mb(490), mb(490), 0, mb(64), 1, us(50), gb(8),
        ms(4), ms(500))),
    /** Like a Samsung 970 EVO Plus of 1 TB. */
    NVME("nvme", new FlashModel(us(50), us(15), 32, mb(3_500), mb(3_300), mb(1_700), gb(42), mb(256), 0, us(700),
        gb(16), ms(20), ms(500))),
    /** Like an Intel DC P4500 of 2 TB. */
    NVME_SERVER("nvme-server", new FlashModel(us(85), us(18), 42, mb(3_200), mb(1_050), mb(1_050), 0, mb(64), 1, us(20),
        gb(16), ms(1), ms(500)));

    private final String text;
    private final DiskModel model;

    DiskProfile(final String text, final DiskModel model)
    {
        this.text = text;
        this.model = model;
    }

    /** How files and command lines call it. */
    public String text()
    {
        return text;
    }

    /** @throws IllegalArgumentException with all the names, if there is no such profile. */
    public static DiskProfile named(final String text)
    {
        for (final DiskProfile profile : values())
        {
            if (profile.text.equals(text))
            {
                return profile;
            }
        }
        throw new IllegalArgumentException("disk profile \"" + text + "\", expected one of " +
            Arrays.stream(values()).map(DiskProfile::text).collect(Collectors.joining(", ")));
    }

    public DiskModel model()
    {
        return model;
    }

    private static long us(final long micros)
    {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }

    private static long ms(final long millis)
    {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static long mb(final long millions)
    {
        return millions * 1_000_000;
    }

    private static long gb(final long billions)
    {
        return billions * 1_000_000_000;
    }
}
