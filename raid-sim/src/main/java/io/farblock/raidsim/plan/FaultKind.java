package io.farblock.raidsim.plan;

import io.farblock.blockdev.Errno;
import io.farblock.powersim.plan.PlanTable;
import io.farblock.raidsim.disk.DiskFault;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The faults that a plan can ask for, and what each wants to know. Immutable. What a plan leaves open (the place of a
 * bad sector, the seed of a chance) is drawn each time the fault is made.
 */
enum FaultKind
{
    LOSS("loss", List.of("error"), (table, disk) ->
    {
        final int errno = errno(table);
        return random -> new DiskFault.Loss(errno);
    }),
    DROP_OUT("drop-out", List.of("for", "operations"), (table, disk) ->
    {
        final long durationNs = table.duration("for", 0, 1);
        final long operations = table.count("operations", 0, 1, Long.MAX_VALUE);
        if (durationNs == 0 && operations == 0)
        {
            table.wrong("for", "how long the disk is gone", "write for = \"30s\", or operations = 100");
        }
        return random -> new DiskFault.DropOut(durationNs, operations);
    }),
    LATENT_SECTORS("latent-sectors", List.of("offset", "length"), (table, disk) ->
    {
        final Place place = Place.of(table, disk);
        return random -> new DiskFault.LatentSectors(place.offsetBytes(random), place.lengthBytes());
    }),
    UNWRITABLE_SECTORS("unwritable-sectors", List.of("offset", "length"), (table, disk) ->
    {
        final Place place = Place.of(table, disk);
        return random -> new DiskFault.UnwritableSectors(place.offsetBytes(random), place.lengthBytes());
    }),
    BIT_ROT("bit-rot", List.of("offset", "length", "bits"), (table, disk) ->
    {
        final Place place = Place.of(table, disk);
        final int bits = (int)table.count("bits", 1, 1, 4096);
        return random ->
            new DiskFault.BitRot(place.offsetBytes(random), place.lengthBytes(), bits, random.nextLong());
    }),
    LOST_WRITES("lost-writes", List.of("count"), (table, disk) ->
    {
        final int count = count(table);
        return random -> new DiskFault.LostWrites(count);
    }),
    TORN_WRITES("torn-writes", List.of("count"), (table, disk) ->
    {
        final int count = count(table);
        return random -> new DiskFault.TornWrites(count, random.nextLong());
    }),
    MISDIRECTED_WRITES("misdirected-writes", List.of("count", "shift"), (table, disk) ->
    {
        final int count = count(table);
        final long shift = shift(table, disk);
        return random -> new DiskFault.MisdirectedWrites(shift, count);
    }),
    MISDIRECTED_READS("misdirected-reads", List.of("count", "shift"), (table, disk) ->
    {
        final int count = count(table);
        final long shift = shift(table, disk);
        return random -> new DiskFault.MisdirectedReads(shift, count);
    }),
    FAILING_FLUSH("failing-flush", List.of("count"), (table, disk) ->
    {
        final int count = count(table);
        return random -> new DiskFault.FailingFlush(count);
    }),
    LYING_FLUSH("lying-flush", List.of(), (table, disk) -> random -> new DiskFault.LyingFlush()),
    LINK_ERRORS("link-errors", List.of("count", "retry"), (table, disk) ->
    {
        final int count = count(table);
        final long retryNs = table.duration("retry", 10_000_000, 1);
        return random -> new DiskFault.LinkErrors(count, retryNs);
    }),
    SLOW("slow", List.of("extra"), (table, disk) ->
    {
        final long extraNs = table.duration("extra", 50_000_000, 1);
        return random -> new DiskFault.Slow(extraNs);
    }),
    STUTTER("stutter", List.of("pause", "one-in"), (table, disk) ->
    {
        final long pauseNs = table.duration("pause", 1_000_000_000, 1);
        final int oneIn = (int)table.count("one-in", 1_000, 1, Integer.MAX_VALUE);
        return random -> new DiskFault.Stutter(pauseNs, oneIn, random.nextLong());
    });

    private final String text;
    private final List<String> keys;
    private final Reader reader;

    FaultKind(final String text, final List<String> keys, final Reader reader)
    {
        this.text = text;
        this.keys = keys;
        this.reader = reader;
    }

    /** How a plan calls it. */
    String text()
    {
        return text;
    }

    /** The keys that only some kinds have. */
    List<String> keys()
    {
        return keys;
    }

    /** Reads what this kind wants to know; mistakes are noted in the table. */
    Maker read(final PlanTable table, final PlanDisk disk)
    {
        return reader.read(table, disk);
    }

    private static int errno(final PlanTable table)
    {
        final String name = table.has("error") ? table.text("error", "\"ENXIO\" or \"EIO\"") : "ENXIO";
        if (name != null && !name.equals("ENXIO") && !name.equals("EIO"))
        {
            table.wrong("error", "\"ENXIO\" (pulled) or \"EIO\" (no longer answers)",
                "correct it, or remove it for ENXIO");
        }
        return "EIO".equals(name) ? Errno.EIO : Errno.ENXIO;
    }

    private static int count(final PlanTable table)
    {
        return (int)table.count("count", 1, 1, 1_000_000_000);
    }

    private static long shift(final PlanTable table, final PlanDisk disk)
    {
        final long shift = table.size("shift", 1024 * 1024, 4096, Math.max(4096, disk.sizeBytes()));
        if (shift % 4096 != 0)
        {
            table.wrong("shift", "a multiple of 4096 bytes", "correct it");
        }
        return shift;
    }

    /** Reads the keys of one kind. */
    private interface Reader
    {
        Maker read(PlanTable table, PlanDisk disk);
    }

    /** Makes a fault each time it is wanted, always a new object. Immutable; chance comes with the call. */
    interface Maker
    {
        DiskFault make(SplittableRandom random);
    }

    /** A range of a disk; an offset below 0 stands for any. Immutable. */
    private record Place(long fixedBytes, long lengthBytes, long sizeBytes)
    {
        private static final long STEP = 4096;

        static Place of(final PlanTable table, final PlanDisk disk)
        {
            final long length = table.size("length", Math.min(STEP, disk.sizeBytes()), 1, disk.sizeBytes());
            return new Place(table.size("offset", -1, 0, disk.sizeBytes() - length), length, disk.sizeBytes());
        }

        long offsetBytes(final SplittableRandom random)
        {
            return fixedBytes >= 0 ? fixedBytes : random.nextLong((sizeBytes - lengthBytes) / STEP + 1) * STEP;
        }
    }
}
