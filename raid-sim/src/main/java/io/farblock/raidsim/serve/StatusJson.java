package io.farblock.raidsim.serve;

import io.farblock.powersim.command.JsonText;
import io.farblock.raidsim.array.ArrayEvent;
import io.farblock.raidsim.disk.SmartAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/** An array's status as one line of JSON, for scripts: names do not change. A pure function. */
public final class StatusJson
{
    private StatusJson()
    {
    }

    /** With the line's end. */
    public static String of(final ArrayStatus status)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", status.array().name());
        map.put("uuid", status.array().array().toString());
        map.put("level", status.array().level().number());
        map.put("layout", status.array().layout());
        map.put("chunkBytes", status.array().chunkBytes());
        map.put("bitmapChunkBytes", status.array().bitmapChunkBytes());
        map.put("slots", status.array().raidDisks());
        map.put("sizeBytes", status.array().arrayBytes());
        map.put("served", !status.exports().isEmpty());
        map.put("exports", status.exports());
        map.put("state", status.state());
        map.put("reason", status.reason());
        map.put("progress", progress(status.progress()));
        map.put("counters", counters(status.counters()));
        map.put("disks", status.disks().stream().map(StatusJson::disk).toList());
        map.put("journal", status.journal() == null ? null : journal(status.journal()));
        map.put("events", status.events().stream().map(StatusJson::event).toList());
        return JsonText.of(map) + '\n';
    }

    private static Map<String, Object> progress(final ArrayStatus.Progress progress)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("action", progress.action());
        map.put("doneBytes", progress.doneBytes());
        map.put("totalBytes", progress.totalBytes());
        map.put("percent", progress.percent());
        map.put("bytesPerSecond", progress.bytesPerSecond());
        map.put("limitBytesPerSecond", progress.limitBytesPerSecond());
        map.put("mismatchBytes", progress.mismatchBytes());
        return map;
    }

    private static Map<String, Object> counters(final ArrayStatus.Counters counters)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("fullStripes", counters.fullStripes());
        map.put("readModifyWrites", counters.readModifyWrites());
        map.put("reconstructWrites", counters.reconstructWrites());
        map.put("reconstructedBytes", counters.reconstructedBytes());
        return map;
    }

    private static Map<String, Object> disk(final DiskStatus disk)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", disk.name());
        map.put("slot", disk.slot());
        map.put("state", disk.state());
        map.put("percent", disk.percent());
        map.put("correctedErrors", disk.corrected());
        map.put("badBytes", disk.badBytes());
        map.put("pulled", disk.isPulled());
        map.put("faultsStruck", disk.hits());
        map.put("model", disk.model());
        map.put("smart", disk.smart() == null ? null : smart(disk.smart()));
        return map;
    }

    private static Map<String, Object> journal(final DiskStatus journal)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", journal.name());
        map.put("state", journal.state());
        map.put("pulled", journal.isPulled());
        map.put("faultsStruck", journal.hits());
        map.put("model", journal.model());
        map.put("smart", journal.smart() == null ? null : smart(journal.smart()));
        return map;
    }

    private static Map<String, Object> smart(final SmartAttributes smart)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("powerOnHours", smart.powerOnHours());
        map.put("startStopCount", smart.startStopCount());
        map.put("reallocatedSectors", smart.reallocatedSectors());
        map.put("pendingSectors", smart.pendingSectors());
        map.put("uncorrectableErrors", smart.uncorrectableErrors());
        map.put("crcErrors", smart.crcErrors());
        map.put("bytesRead", smart.bytesRead());
        map.put("bytesWritten", smart.bytesWritten());
        return map;
    }

    private static Map<String, Object> event(final ArrayEvent event)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("epochSeconds", event.seconds());
        map.put("kind", event.kind().name());
        map.put("slot", event.slot());
        map.put("text", event.text());
        return map;
    }
}
