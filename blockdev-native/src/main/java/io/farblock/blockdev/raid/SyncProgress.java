package io.farblock.blockdev.raid;

import java.util.Locale;

/**
 * How far a resync, recovery, check, repair or reshape has come. An immutable value.
 *
 * @param doneSectors  of 512 bytes.
 * @param totalSectors 0 when none runs or it has not begun.
 * @param speedKibS    KiB a second of each member, 0 when unknown.
 * @param delayed      it waits for another array that shares a disk.
 */
public record SyncProgress(long doneSectors, long totalSectors, long speedKibS, boolean delayed)
{
    /** Of the texts in sysfs: "2048 / 96256", "none", "delayed". */
    static SyncProgress of(final String completed, final long speedKibS)
    {
        final String[] parts = completed.split(" / ");
        try
        {
            final long done = parts.length == 2 ? Long.parseLong(parts[0]) : 0;
            final long total = parts.length == 2 ? Long.parseLong(parts[1]) : 0;
            return new SyncProgress(done, total, Math.max(0, speedKibS), completed.equals("delayed"));
        }
        catch (final NumberFormatException ex)
        {
            return new SyncProgress(0, 0, Math.max(0, speedKibS), false);
        }
    }

    /** 0 to 100, or -1 when unknown. */
    public double percent()
    {
        return totalSectors > 0 ? Math.min(100.0, 100.0 * doneSectors / totalSectors) : -1;
    }

    /** "41.2 %", "delayed", or nothing; begins with a space if it is something. */
    String text()
    {
        return delayed ? " delayed" : percent() < 0 ? "" : String.format(Locale.ROOT, " %.1f %%", percent());
    }
}
