package io.farblock.daemon.cli;

import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.config.SizeText;
import io.farblock.daemon.power.PowerEvent;
import io.farblock.daemon.power.PowerStatus;
import io.farblock.daemon.power.PowerStatus.GroupRisk;
import io.farblock.daemon.power.PowerStatus.UpsLine;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The power as people read it. Stateless. What is not known is {@code unknown}, and its bar has neither mark. */
final class PowerText
{
    private static final String UNKNOWN = "unknown";
    private static final int BAR = 20;
    /** A full bar of runtime; more is full too. */
    private static final long FULL_RUNTIME_NS = TimeUnit.MINUTES.toNanos(30);
    private static final int EVENTS_SHOWN = 4;

    private PowerText()
    {
    }

    /** For the status: the UPSes, and what was seen and decided last. */
    static String brief(final PowerStatus power)
    {
        final List<PowerEvent> events = power.events();
        return head(power) + upses(power) + events(events.subList(
            Math.max(0, events.size() - EVENTS_SHOWN), events.size()));
    }

    /** All of it. */
    static String full(final PowerStatus power)
    {
        return head(power) + upses(power) + "\npolicy\n" + policy(power) + "\nenergy to data: " +
            (power.runtimeNs() < 0 ? "no UPS says how long its battery lasts" : "the batteries die in " +
                DurationText.of(power.runtimeNs()) + " when there is no mains from now on") + '\n' + risk(power) +
            "\nlast decisions\n" + events(power.events());
    }

    private static String head(final PowerStatus power)
    {
        return "power " + power.state() + " for " + DurationText.of(power.forNs()) + "   runtime " +
            duration(power.runtimeNs()) + ", of which " + duration(power.budgetNs()) + " for epochs" +
            ("running".equals(power.phase()) ? "" : "   " + power.phase().toUpperCase(Locale.ROOT)) + '\n' +
            (power.phaseReason().isEmpty() ? "" : "  " + power.phaseReason() + '\n');
    }

    private static String upses(final PowerStatus power)
    {
        final Columns table = new Columns("  ", "UPS", "STATE", "FOR", "CHARGE", "RUNTIME", "LOAD", "HEARD", "SUPPLIES",
            "REASON");
        for (final UpsLine ups : power.upses())
        {
            table.row(ups.name(), state(ups), DurationText.of(ups.forNs()),
                bar(ups.chargePercent() / 100) + " " + percent(ups.chargePercent()),
                bar((double)ups.runtimeNs() / FULL_RUNTIME_NS) + " " + duration(ups.runtimeNs()),
                bar(ups.loadPercent() / 100) + " " + percent(ups.loadPercent()),
                ups.heardAgoNs() < 0 ? "never" : DurationText.of(ups.heardAgoNs()) + " ago",
                Integer.toString(ups.powerValue()),
                reason(ups));
        }
        return table.toString();
    }

    private static String state(final UpsLine ups)
    {
        return ups.state() + (ups.counted().equals(ups.state()) ? "" : " (counts as " + ups.counted() + ")");
    }

    private static String reason(final UpsLine ups)
    {
        final String words = ups.reason().isEmpty() ? ups.tokens() : ups.reason();
        return (ups.replaceBattery() ? "REPLACE BATTERY " : "") + (words.isEmpty() ? "-" : words);
    }

    private static String policy(final PowerStatus power)
    {
        final Columns table = new Columns("  ", "STATE", "WHAT IS DONE");
        power.policy().forEach((state, words) -> table.row(
            state, words.isEmpty() ? "only an event" : String.join(", ", words)));
        return table + "  " + power.minSupplies() + " supplies keep this machine up; the last " +
            DurationText.of(power.reserveNs()) + " of runtime are the shutdown's\n";
    }

    private static String risk(final PowerStatus power)
    {
        final Columns table = new Columns("  ", "GROUP", "WAITS NOW", "GROWS", "LINES", "AN EPOCH", "EVERY",
            "ON BATTERY", "LOST WITHOUT POLICY", "LOST WITH IT");
        long without = 0;
        long with = 0;
        long now = 0;
        for (final GroupRisk group : power.risk())
        {
            table.row(group.group(), size(group.waitingBytes()), rate(group.growthBytesPerSecond()),
                group.wireBytesPerSecond() <= 0 ? UNKNOWN : rate(group.wireBytesPerSecond()),
                duration(group.epochNs()),
                group.intervalNs() == 0 ? "on demand" : DurationText.of(group.intervalNs()),
                group.batteryIntervalNs() == 0 ? "the same" : DurationText.of(group.batteryIntervalNs()),
                size(group.withoutPolicyBytes()), size(group.withPolicyBytes()));
            now = sum(now, group.waitingBytes());
            without = sum(without, group.withoutPolicyBytes());
            with = sum(with, group.withPolicyBytes());
        }
        return table + "  when the battery dies now, " + size(now) + " are lost with this machine; at the end of its " +
            "runtime " + size(without) + " without the policy, " + size(with) + " with it\n";
    }

    private static long sum(final long sum, final long part)
    {
        return sum < 0 || part < 0 ? -1 : sum + part;
    }

    private static String events(final List<PowerEvent> events)
    {
        final StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append("  ").append(Instant.ofEpochMilli(event.atMs())).append("  ")
            .append(event.text()).append('\n'));
        return text.toString();
    }

    /** A share as a bar; dots when it is not known. */
    static String bar(final double share)
    {
        if (share < 0)
        {
            return "[" + ".".repeat(BAR) + "]";
        }
        final int full = (int)Math.round(Math.min(1, share) * BAR);
        return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
    }

    private static String percent(final double percent)
    {
        return percent < 0 ? UNKNOWN : Math.round(percent) + " %";
    }

    private static String duration(final long durationNs)
    {
        return durationNs < 0 ? UNKNOWN : DurationText.of(durationNs);
    }

    private static String size(final long bytes)
    {
        return bytes < 0 ? UNKNOWN : SizeText.of(bytes);
    }

    private static String rate(final long bytesPerSecond)
    {
        return bytesPerSecond < 0 ? UNKNOWN : SizeText.of(bytesPerSecond) + "/s";
    }
}
