package io.farblock.powersim.serve;

import io.farblock.powersim.command.Style;
import io.farblock.powersim.ups.Communication;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Draws UPSes for people; where a gauge lies, what is so stands beside it.
 *
 * <pre>
 *   ups  OB DISCHRG
 *     input    ....................    0 V of 230, none
 *     battery  #############.......   65 %
 *     load     #######.............   33 %, 300 W of 900
 *     runtime  ##########..........   21 min 10 s
 *
 *   12 min 3 s, 10 times as fast as here; upsc ups@127.0.0.1:3493
 *   events   11 min 0 s   cut for=6m
 * </pre>
 *
 * A pure function.
 */
final class StatusText
{
    private static final int BAR = 20;
    /** A full bar: more than this is as good as for ever to whoever waits for a shutdown. */
    private static final double FULL_RUNTIME_SECONDS = 3600;
    private static final double NEARLY = 1.5;
    private static final double NANOS = 1e9;

    private final StringBuilder text = new StringBuilder();
    private final RackStatus status;
    private final Style style;

    private StatusText(final RackStatus status, final Style style)
    {
        this.status = status;
        this.style = style;
    }

    /** Lines, each with its end. */
    static String of(final RackStatus status, final Style style)
    {
        final StatusText drawing = new StatusText(status, style);
        status.upses().forEach(drawing::ups);
        drawing.foot();
        return drawing.text.toString();
    }

    private void ups(final UpsStatus ups)
    {
        final boolean isSpeaking = ups.communication() == Communication.GOOD;
        line(ups.name() + "  " + style.coloured(ups.tokens(), tone(ups)) + (ups.isOutputOn() ? "" : ", output is off") +
            (isSpeaking ? "" : ", clients get " + ups.communication().word()));
        final double volts = ups.inputVolts();
        bar("input", 100 * volts / ups.nominalVolts(),
            figure(volts, "V") + " of " + Math.round(ups.nominalVolts()) + ", " + ups.inputSource());
        final double charge = ups.said("battery.charge");
        bar("battery", charge, figure(charge, "%") + beside(charge, ups.truth().chargePercent(), "%"));
        final double load = 100 * ups.loadWatts() / ups.nominalWatts();
        bar("load", load, figure(load, "%") + ", " + Math.round(ups.loadWatts()) + " W of " +
            Math.round(ups.nominalWatts()));
        final double seconds = ups.said("battery.runtime");
        bar("runtime", 100 * seconds / FULL_RUNTIME_SECONDS, "  " + duration(seconds) +
            (Math.abs(seconds - ups.truth().secondsLeft()) <= NEARLY || Double.isInfinite(ups.truth().secondsLeft()) ?
                "" : ", in truth " + duration(ups.truth().secondsLeft())));
        line("");
    }

    private static Style.Tone tone(final UpsStatus ups)
    {
        final List<String> tokens = List.of(ups.tokens().split(" "));
        return !ups.isOutputOn() || tokens.contains("LB") || tokens.contains("FSD") ? Style.Tone.LOST :
            tokens.equals(List.of("OL")) || tokens.equals(List.of("OL", "CHRG")) ? Style.Tone.WELL :
            Style.Tone.ON_THE_WAY;
    }

    private void bar(final String what, final double percent, final String figures)
    {
        line(String.format(Locale.ROOT, "  %-8s ", what) +
            style.bar(Math.max(0, Math.min(100, percent)), BAR) + figures);
    }

    private static String figure(final double value, final String unit)
    {
        return String.format(Locale.ROOT, "%5d %s", Math.round(value), unit);
    }

    private static String beside(final double shown, final double truth, final String unit)
    {
        return Math.abs(shown - truth) <= NEARLY ? "" : ", in truth " + Math.round(truth) + ' ' + unit;
    }

    private static String duration(final double seconds)
    {
        final long whole = Math.round(Math.min(seconds, TimeUnit.DAYS.toSeconds(365)));
        final long minutes = TimeUnit.SECONDS.toMinutes(whole);
        return minutes == 0 ? whole + " s" : minutes < 120 ? minutes + " min " + whole % 60 + " s" :
            TimeUnit.MINUTES.toHours(minutes) + " h " + minutes % 60 + " min";
    }

    private void foot()
    {
        final String speed = status.speed() == 1 ? "" :
            ", " + new BigDecimal(status.speed()).round(new MathContext(4)).stripTrailingZeros().toPlainString() +
            " times as fast as here";
        line("since the start " + duration(status.timeNs() / NANOS) + speed);
        status.upses().forEach((ups) -> status.addresses().forEach((address) ->
            line("upsc " + ups.name() + '@' + address)));
        String heading = "events  ";
        for (final UpsEvent event : status.events())
        {
            line(heading + String.format(Locale.ROOT, "%12s", duration(event.timeNs() / NANOS)) + "  " + event.text());
            heading = " ".repeat(heading.length());
        }
    }

    private void line(final String line)
    {
        text.append(line.stripTrailing()).append('\n');
    }
}
