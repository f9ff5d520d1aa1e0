package io.farblock.raidsim.plan;

import io.farblock.powersim.plan.Mistakes;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.plan.PlanTable;
import io.farblock.powersim.plan.PlanText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a plan of a text, or tells all that is wrong with it. One thread, one file. */
final class PlanReader
{
    private static final int MOST_FAULTS = 1_000;
    private static final int MOST_TIMES = 10_000;
    private static final int TIMES_BY_CHANCE = 1_000;
    static final List<String> TRIGGERS =
        List.of("at", "after-operations", "after-bytes", "per-hour", "per-operation", "when");

    private final String name;
    private final List<PlanDisk> disks;
    private Mistakes mistakes;

    PlanReader(final String name, final List<PlanDisk> disks)
    {
        this.name = name;
        this.disks = disks;
    }

    FaultPlan read(final String text) throws PlanException
    {
        final PlanTable root = PlanText.parse(name, text, "a fault plan");
        mistakes = root.mistakes();
        root.requireKnown(List.of("seed", "fault"));
        final long seed = root.count("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE);
        final List<PlannedFault> faults = new ArrayList<>();
        for (final PlanTable table : root.tables("fault", MOST_FAULTS))
        {
            final PlannedFault fault = fault(table);
            if (fault != null)
            {
                faults.add(fault);
            }
        }
        if (!mistakes.isEmpty())
        {
            throw mistakes.exception();
        }
        return new FaultPlan(name, seed, faults);
    }

    /** One entry; null when something is wrong with it. */
    private PlannedFault fault(final PlanTable table)
    {
        final int before = mistakes.count();
        final int disk = disk(table);
        final FaultKind kind = kind(table);
        if (kind != null)
        {
            final Set<String> known = new LinkedHashSet<>(List.of("disk", "kind"));
            known.addAll(kind.keys());
            known.addAll(TRIGGERS);
            known.addAll(List.of("times", "until"));
            table.requireKnown(known);
        }
        final FaultKind.Maker maker = kind == null || disk < 0 ? null : kind.read(table, disks.get(disk));
        final String key = triggerKey(table);
        final Trigger trigger = key == null ? null : trigger(table, key);
        final int times = times(table, key);
        final long untilNs = table.duration("until", Long.MAX_VALUE, 1);
        if (trigger instanceof Trigger.At at && untilNs <= at.timeNs())
        {
            table.wrong("until", "a time after that of at", "correct one of them");
        }
        return mistakes.count() > before ? null : new PlannedFault(
            disk, maker, trigger, key + " = " + table.value(key), times, untilNs, table.line());
    }

    private int disk(final PlanTable table)
    {
        final Object value = table.value("disk");
        final int disk = value instanceof Long || value instanceof String ?
            DiskName.find(value.toString(), disks) : -1;
        if (disk < 0)
        {
            table.wrong("disk", DiskName.expected(disks), "name the disk that gets the fault");
        }
        return disk;
    }

    private FaultKind kind(final PlanTable table)
    {
        for (final FaultKind kind : FaultKind.values())
        {
            if (kind.text().equals(table.value("kind")))
            {
                return kind;
            }
        }
        table.wrong("kind", "one of " +
            Arrays.stream(FaultKind.values()).map(FaultKind::text).collect(Collectors.joining(", ")),
            "write kind = \"...\"");
        return null;
    }

    private String triggerKey(final PlanTable table)
    {
        final List<String> found = TRIGGERS.stream().filter(table::has).toList();
        if (found.size() == 1)
        {
            return found.get(0);
        }
        table.wrong(found.isEmpty() ? "at" : found.get(1), "exactly one of " + String.join(", ", TRIGGERS),
            found.isEmpty() ? "say when the fault happens" : "remove it, or " + found.get(0));
        return null;
    }

    private Trigger trigger(final PlanTable table, final String key)
    {
        return switch (key)
        {
            case "at" -> new Trigger.At(table.duration(key, 0, 0));
            case "after-operations" -> new Trigger.AfterOperations(table.count(key, 1, 1, Long.MAX_VALUE));
            case "after-bytes" -> new Trigger.AfterBytes(table.size(key, 1, 1, Long.MAX_VALUE));
            case "per-hour" -> new Trigger.PerHour(table.rate(key, 1e9));
            case "per-operation" -> new Trigger.PerOperation(table.rate(key, 1));
            default -> when(table);
        };
    }

    private Trigger when(final PlanTable table)
    {
        final String text = table.text("when", "a condition such as \"rebuild >= 40 %\"");
        try
        {
            return text == null ? null : new Trigger.When(ConditionText.parse(text, disks));
        }
        catch (final IllegalArgumentException unreadable)
        {
            table.wrong("when", unreadable.getMessage(), "correct the condition");
            return null;
        }
    }

    private int times(final PlanTable table, final String key)
    {
        final boolean byChance = "per-hour".equals(key) || "per-operation".equals(key);
        if ("at".equals(key) && table.has("times"))
        {
            table.wrong("times", "no such key beside at", "remove it: a time comes once");
        }
        return (int)table.count("times", byChance ? TIMES_BY_CHANCE : 1, 1, MOST_TIMES);
    }
}
