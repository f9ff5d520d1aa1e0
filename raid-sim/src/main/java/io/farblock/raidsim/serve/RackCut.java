package io.farblock.raidsim.serve;

import io.farblock.powersim.CutReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a power cut did to an array, in words. An immutable value.
 *
 * @param array name.
 * @param seed  that it was decided by.
 * @param bays  the disks.
 * @param cuts  what happened to each, in the same order.
 */
record RackCut(String array, long seed, List<DiskBay> bays, List<CutReport> cuts)
{
    String headline()
    {
        return "the power of " + array + " was cut, seed " + seed;
    }

    /** For the one who asked. */
    String text()
    {
        final int width = bays.stream().mapToInt((bay) -> bay.name().length()).max().orElse(0);
        final StringBuilder text = new StringBuilder(headline() + "; writes that were not flushed:");
        for (int i = 0; i < cuts.size(); i++)
        {
            final CutReport cut = cuts.get(i);
            text.append(String.format(Locale.ROOT, "%n  %-" + width + "s  %d kept, %d lost, %d torn",
                bays.get(i).name(), cut.kept(), cut.dropped(), cut.torn()));
        }
        return text.toString();
    }

    /** For the log of faults. */
    List<String> lines()
    {
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < cuts.size(); i++)
        {
            final CutReport cut = cuts.get(i);
            lines.add("power-cut disk=" + i + " seed=" + cut.seed() + " kept=" + cut.kept() + " lost=" +
                cut.dropped() + " torn=" + cut.torn());
        }
        return lines;
    }
}
