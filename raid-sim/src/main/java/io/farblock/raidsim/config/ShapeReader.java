package io.farblock.raidsim.config;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.powersim.plan.PlanTable;
import io.farblock.raidsim.array.ArrayShape;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what array is to be made of the disks: level, layout, chunk, bitmap. Mistakes are noted in the table. One
 * thread, one file.
 */
final class ShapeReader
{
    static final List<String> KEYS = List.of("level", "layout", "chunk", "bitmap");

    private static final List<Long> LEVELS = List.of(0L, 1L, 5L, 6L, 10L);
    private static final Pattern COPIES = Pattern.compile("(near|far|offset)=([2-9])");
    private static final long LEAST_CHUNK_BYTES = 4096;
    private static final long MOST_CHUNK_BYTES = 16 * 1024 * 1024;
    private static final long LEAST_BITMAP_BYTES = 4096;
    private static final long MOST_BITMAP_BYTES = 1L << 31;
    /** A bit is flushed before the first write to its chunk: many small ones would make each write wait. */
    private static final long AUTO_CHUNKS = 64;
    /** What mdadm takes. */
    private static final long LARGEST_AUTO_BYTES = 64 * 1024 * 1024;

    private final PlanTable table;
    private final List<DiskConfig> disks;

    ShapeReader(final PlanTable table, final List<DiskConfig> disks)
    {
        this.table = table;
        this.disks = disks;
    }

    /** What it can make of the table; worthless when mistakes were noted. */
    ArrayShape read()
    {
        final Object level = table.value("level");
        if (!(level instanceof Long number) || !LEVELS.contains(number))
        {
            table.wrong("level", "0, 1, 5, 6 or 10", "write level = 5, without quotes");
            return null;
        }
        final RaidLevel raid = RaidLevel.ofNumber(number.intValue());
        final long slots = disks.stream().filter((disk) -> !disk.isSpare()).count();
        final int least = raid == RaidLevel.RAID6 ? 4 : 2;
        if (slots < least)
        {
            table.wrong("level", "a level for the " + slots + " disks that are not spares: this one wants " + least +
                " or more", "add [[disk]] tables, or choose another level");
        }
        ArrayShape shape = ArrayShape.of(raid);
        shape = table.has("layout") ? layout(shape, slots) : shape;
        shape = table.has("chunk") ? chunk(shape) : shape;
        return bitmap(shape, slots);
    }

    private ArrayShape layout(final ArrayShape shape, final long slots)
    {
        final String text = String.valueOf(table.value("layout"));
        final Matcher matcher = COPIES.matcher(text);
        if (shape.level() != RaidLevel.RAID10 && !(shape.level().hasParity() && text.equals("left-symmetric")))
        {
            table.wrong("layout", shape.level().hasParity() ? "\"left-symmetric\"" : "no such key for this level",
                "remove it");
            return shape;
        }
        if (shape.level() == RaidLevel.RAID10 && (!matcher.matches() || Integer.parseInt(matcher.group(2)) > slots))
        {
            table.wrong("layout", "\"near=2\", \"far=2\" or \"offset=2\", with no more copies than disks",
                "correct it");
            return shape;
        }
        return shape.level() != RaidLevel.RAID10 ? shape : shape.withLayout(number(matcher));
    }

    /** md's number: near copies in the lowest byte, far ones in the next, and a bit for far copies close by. */
    private static int number(final Matcher copies)
    {
        final int count = Integer.parseInt(copies.group(2));
        return switch (copies.group(1))
        {
            case "near" -> 0x100 | count;
            case "far" -> count << 8 | 1;
            default -> 0x10000 | count << 8 | 1;
        };
    }

    private ArrayShape chunk(final ArrayShape shape)
    {
        if (shape.level() == RaidLevel.RAID1)
        {
            table.wrong("chunk", "no such key for RAID 1, which has no stripes", "remove it");
            return shape;
        }
        final long bytes = table.size("chunk", shape.chunkBytes(), LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES);
        requirePowerOfTwo("chunk", bytes);
        return shape.withChunk((int)bytes);
    }

    private ArrayShape bitmap(final ArrayShape shape, final long slots)
    {
        final Object value = table.has("bitmap") ? table.value("bitmap") :
            shape.level() == RaidLevel.RAID0 ? "none" : "auto";
        if (shape.level() == RaidLevel.RAID0 && !"none".equals(value))
        {
            table.wrong("bitmap", "\"none\" for RAID 0, which is never resynced", "remove it");
        }
        if ("none".equals(value))
        {
            return shape;
        }
        if ("auto".equals(value))
        {
            final long smallest = disks.stream().mapToLong(DiskConfig::sizeBytes).min().orElse(0);
            final long least = shape.withBitmapFor(smallest, (int)slots).bitmapChunkBytes();
            return shape.withBitmap(
                Math.max(least, Math.min(LARGEST_AUTO_BYTES, Long.highestOneBit(smallest / AUTO_CHUNKS))));
        }
        final long bytes = table.size("bitmap", 0, LEAST_BITMAP_BYTES, MOST_BITMAP_BYTES);
        requirePowerOfTwo("bitmap", bytes);
        return shape.withBitmap(bytes);
    }

    private void requirePowerOfTwo(final String key, final long bytes)
    {
        if (Long.bitCount(bytes) != 1)
        {
            table.wrong(key, "a power of two", "correct it");
        }
    }
}
