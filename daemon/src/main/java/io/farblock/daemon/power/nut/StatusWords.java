package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsState;
import io.farblock.replication.wire.ReceivedText;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the words of {@code ups.status} come to; the worst of them counts. Words that are not known here are kept and
 * say nothing. Immutable.
 *
 * <pre>
 *   FSD                    FORCED_SHUTDOWN   upsd's own decision: it counts whatever the driver says
 *   WAIT                   UNKNOWN           the driver has heard nothing yet
 *   OB LB                  LOW
 *   OB, also OB LB CAL     ON_BATTERY        see below
 *   BYPASS                 BYPASS
 *   OL, BOOST, TRIM        ONLINE            raised or lowered, but mains
 *   none of these          UNKNOWN           OFF, ALARM, LB or CHRG alone: no word on the mains
 * </pre>
 *
 * <p>A UPS that calibrates itself runs on its battery on purpose, until it is low. It is on battery: were the mains to
 * fail now, little would be left. But low then is a measurement and not the end, upsmon does not shut down for it, and
 * so nobody here is told to stop.
 *
 * @param words          as the UPS said them, fit to be shown; empty when it said none.
 * @param reason         why the state is unknown, else empty.
 * @param isPlaceholder  these are the driver's words for having none.
 */
record StatusWords(UpsState state, boolean replaceBattery, String words, String reason, boolean isPlaceholder)
{
    private static final int SHOWN = 200;

    /** From the value of {@code ups.status}; null when there is none. */
    static StatusWords of(final String status)
    {
        if (status == null)
        {
            return unknown(false, "", "the UPS has no ups.status: does its driver know this model?", true);
        }
        final String words = ReceivedText.shown(status.strip(), SHOWN);
        if (words.isEmpty())
        {
            return unknown(false, "", "its ups.status is empty", true);
        }
        final Set<String> said = Set.copyOf(List.of(status.strip().toUpperCase(Locale.ROOT).split("\\s+")));
        final boolean replaceBattery = said.contains("RB");
        final UpsState state = worst(said);
        if (state != UpsState.UNKNOWN)
        {
            return new StatusWords(state, replaceBattery, words, "", false);
        }
        return said.contains("WAIT") ?
            unknown(replaceBattery, words, "its driver has not heard from the UPS yet (WAIT)", true) :
            unknown(replaceBattery, words, "it says \"" + words + "\", which is no word on the mains", false);
    }

    private static UpsState worst(final Set<String> said)
    {
        if (said.contains("FSD"))
        {
            return UpsState.FORCED_SHUTDOWN;
        }
        if (said.contains("WAIT"))
        {
            return UpsState.UNKNOWN;
        }
        if (said.contains("OB"))
        {
            return said.contains("LB") && !said.contains("CAL") ? UpsState.LOW : UpsState.ON_BATTERY;
        }
        if (said.contains("BYPASS"))
        {
            return UpsState.BYPASS;
        }
        return said.contains("OL") || said.contains("BOOST") || said.contains("TRIM") ?
            UpsState.ONLINE : UpsState.UNKNOWN;
    }

    private static StatusWords unknown(
        final boolean replaceBattery, final String words, final String reason, final boolean isPlaceholder)
    {
        return new StatusWords(UpsState.UNKNOWN, replaceBattery, words, reason, isPlaceholder);
    }
}
