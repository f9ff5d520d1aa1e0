package io.farblock.raidsim.serve;

import io.farblock.powersim.command.Style;
import io.farblock.raidsim.array.ArrayEvent;
import io.farblock.raidsim.disk.SmartAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Draws an array for people.
 *
 * <pre>
 *   lab  RAID 5 on 3 disks, chunks of 64 KiB, bitmap of 64 KiB, holds 126 MiB
 *        nbd+unix:///lab?socket=/tmp/lab.sock
 *   rebuilding 41.2 % (disk3), 1 of 3 members missing
 *
 *     slot  disk   state       holds                 corrected  model  health
 *        0  disk0  in sync     ####################          0  hdd    ok
 *        1  disk3  rebuilding  ########............          0  hdd    ok
 *        2  disk2  in sync     ####################          3  hdd    2 reallocated
 *        -  disk1  failed      ....................          0  hdd    pulled
 *        -  log0   in use      journal                          -  ssd    ok
 *
 *   recover  ############..................  41.2 %  26 MiB of 63 MiB  20 MiB/s  2 s left
 * </pre>
 *
 * A pure function.
 */
public final class StatusText
{
    private static final int DISK_BAR = 20;
    private static final int PROGRESS_BAR = 30;
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder();
    private final ArrayStatus status;
    private final Style style;

    private StatusText(final ArrayStatus status, final Style style)
    {
        this.status = status;
        this.style = style;
    }

    /** Lines, each with its end. */
    public static String of(final ArrayStatus status, final Style style)
    {
        final StatusText drawing = new StatusText(status, style);
        drawing.head();
        drawing.disks();
        drawing.progress();
        drawing.counters();
        drawing.events();
        return drawing.text.toString();
    }

    private void head()
    {
        final String name = status.array().name();
        line(name + "  " + ArrayTitle.of(status.array()));
        status.exports().forEach((export) -> line(" ".repeat(name.length()) + "  " + export));
        line(style.coloured(status.reason(), tone(status.state())));
        line("");
    }

    private void disks()
    {
        final List<DiskStatus> all =
            Stream.concat(status.disks().stream(), Stream.ofNullable(status.journal())).toList();
        final int nameWidth = width(all.stream().map(DiskStatus::name).toList(), "disk");
        final int stateWidth = width(all.stream().map(DiskStatus::state).toList(), "state");
        final int modelWidth = width(all.stream().map(DiskStatus::model).toList(), "model");
        line("  slot  " + padded("disk", nameWidth) + padded("state", stateWidth) + padded("holds", DISK_BAR) +
            "corrected  " + padded("model", modelWidth) + "health");
        for (final DiskStatus disk : all)
        {
            final boolean isJournal = disk == status.journal();
            final String holds = isJournal ? "journal" : style.bar(disk.percent(), DISK_BAR);
            line("  " + String.format(Locale.ROOT, "%4s", disk.slot() < 0 ? "-" : String.valueOf(disk.slot())) + "  " +
                padded(disk.name(), nameWidth) + style.coloured(padded(disk.state(), stateWidth), tone(disk.state())) +
                padded(holds, DISK_BAR) +
                String.format(Locale.ROOT, "%9s  ", isJournal ? "-" : String.valueOf(disk.corrected())) +
                padded(disk.model(), modelWidth) + health(disk));
        }
    }

    private static Style.Tone tone(final String state)
    {
        return switch (state)
        {
            case "in sync", "clean", "active", "ok", "in use" -> Style.Tone.WELL;
            case "failed", "given up" -> Style.Tone.LOST;
            case "spare", "unused" -> Style.Tone.PLAIN;
            default -> Style.Tone.ON_THE_WAY;
        };
    }

    private static int width(final List<String> cells, final String heading)
    {
        return cells.stream().mapToInt(String::length).reduce(heading.length(), Math::max);
    }

    private static String padded(final String cell, final int width)
    {
        return cell + " ".repeat(width - cell.length() + 2);
    }

    /** What people should know of a disk: nothing that is as it should be. */
    private static String health(final DiskStatus disk)
    {
        final List<String> parts = new ArrayList<>();
        if (disk.isPulled())
        {
            parts.add("pulled");
        }
        if (disk.badBytes() > 0)
        {
            parts.add(SizeText.of(disk.badBytes()) + " lost");
        }
        final SmartAttributes smart = disk.smart();
        if (smart != null)
        {
            add(parts, smart.pendingSectors(), "pending");
            add(parts, smart.reallocatedSectors(), "reallocated");
            add(parts, smart.uncorrectableErrors(), "uncorrectable");
            add(parts, smart.crcErrors(), "link errors");
            add(parts, disk.hits(), "faults struck");
        }
        return !parts.isEmpty() ? String.join(", ", parts) : smart == null ? "" : "ok";
    }

    private static void add(final List<String> parts, final long count, final String what)
    {
        if (count > 0)
        {
            parts.add(count + " " + what);
        }
    }

    private void progress()
    {
        final ArrayStatus.Progress now = status.progress();
        if (now.isRunning())
        {
            line("");
            line(String.format(Locale.ROOT, "%s  %s %5.1f %%  %s of %s%s%s%s", now.action(),
                style.bar(now.percent(), PROGRESS_BAR), now.percent(), SizeText.of(now.doneBytes()),
                SizeText.of(now.totalBytes()),
                now.bytesPerSecond() > 0 ? "  " + SizeText.of(now.bytesPerSecond()) + "/s" : "",
                now.leftSeconds() >= 0 ? "  " + left(now.leftSeconds()) + " left" : "",
                now.limitBytesPerSecond() > 0 ? "  (limit " + SizeText.of(now.limitBytesPerSecond()) + "/s)" : ""));
        }
    }

    private static String left(final long seconds)
    {
        return seconds < 120 ? seconds + " s" : seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    private void counters()
    {
        if (!status.exports().isEmpty())
        {
            final ArrayStatus.Counters count = status.counters();
            line("");
            line("writes   " + count.fullStripes() + " full stripes, " + count.readModifyWrites() + " read-modify, " +
                count.reconstructWrites() + " reconstruct");
            line("reads    " + SizeText.of(count.reconstructedBytes()) + " computed from other disks");
            if (status.progress().mismatchBytes() > 0)
            {
                line("scrub    " + SizeText.of(status.progress().mismatchBytes()) + " differed, at the last one");
            }
        }
    }

    private void events()
    {
        String heading = "events   ";
        for (final ArrayEvent event : status.events())
        {
            line(heading + TIME.format(Instant.ofEpochSecond(event.seconds())) + "  " + event.text());
            heading = " ".repeat(heading.length());
        }
    }

    private void line(final String line)
    {
        text.append(line.stripTrailing()).append('\n');
    }
}
