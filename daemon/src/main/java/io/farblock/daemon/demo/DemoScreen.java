package io.farblock.daemon.demo;

import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.config.SizeText;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.agrona.concurrent.NanoClock;

/**
 * What the person sees: lines, and below them the progress of the running epoch: a bar on a terminal, elsewhere a line
 * at most every second or ten per cent. Any thread may write; lines come out whole.
 */
final class DemoScreen
{
    private static final int BAR_WIDTH = 79;
    private static final int BAR_UPDATE_MS = 200;
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int PLAIN_STEP_PERCENT = 10;
    private static final long PLAIN_STEP_NS = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter out;
    private final boolean terminal;
    private final NanoClock clock;
    private ProgressBar bar;
    private String label;
    private long beganNs;
    private long lastLineNs;
    private long lastPercent;

    DemoScreen(final PrintWriter out, final boolean terminal, final NanoClock clock)
    {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    synchronized void say(final String line)
    {
        out.println((bar == null ? "" : CLEAR_LINE) + line);
        out.flush();
    }

    /** Begins to show progress. */
    synchronized void begin(final String what)
    {
        label = what;
        beganNs = clock.nanoTime();
        lastLineNs = beganNs;
        lastPercent = 0;
        if (terminal)
        {
            bar = new ProgressBarBuilder().setTaskName(what).setStyle(ProgressBarStyle.ASCII)
                .setUnit(" MiB", 1 << 20).showSpeed().setUpdateIntervalMillis(BAR_UPDATE_MS).setInitialMax(-1)
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, BAR_WIDTH)).build();
        }
    }

    /** @param ratio of compression; 0 while unknown. */
    synchronized void update(final long doneBytes, final long totalBytes, final double ratio)
    {
        final long shown = Math.min(doneBytes, totalBytes);
        final String ratioText = ratio > 0 ? String.format(Locale.ROOT, "ratio %.1f", ratio) : "ratio unknown";
        if (bar != null)
        {
            bar.maxHint(totalBytes > 0 ? totalBytes : -1);
            bar.stepTo(shown);
            bar.setExtraMessage("  " + ratioText);
        }
        else if (totalBytes > 0)
        {
            plain(shown, totalBytes, ratioText);
        }
    }

    /** Ends the progress that is shown, if any. */
    synchronized void end()
    {
        final ProgressBar ending = bar;
        bar = null;
        if (ending != null)
        {
            ending.close();
            out.print(CLEAR_LINE);
            out.flush();
        }
    }

    private void plain(final long doneBytes, final long totalBytes, final String ratioText)
    {
        final long percent = 100 * doneBytes / totalBytes;
        final long nowNs = clock.nanoTime();
        final boolean further = percent >= lastPercent + PLAIN_STEP_PERCENT;
        final boolean later = nowNs - lastLineNs >= PLAIN_STEP_NS && percent != lastPercent;
        if (!further && !later)
        {
            return;
        }
        lastLineNs = nowNs;
        lastPercent = percent;
        final double bytesPerNs = (double)doneBytes / Math.max(1, nowNs - beganNs);
        out.println("  " + label + ": " + percent + " %  " + SizeText.of(doneBytes) + " of " + SizeText.of(totalBytes)
            + "  " + SizeText.of((long)(bytesPerNs * 1e9)) + "/s  " + ratioText + "  ETA "
            + (bytesPerNs > 0 ? DurationText.of((long)((totalBytes - doneBytes) / bytesPerNs)) : "unknown"));
        out.flush();
    }

    /** Called by the bar's own thread. */
    private void draw(final String text)
    {
        out.print("\r" + text);
        out.flush();
    }
}
