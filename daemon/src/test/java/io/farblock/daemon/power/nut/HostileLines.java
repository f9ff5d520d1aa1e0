package io.farblock.daemon.power.nut;

import java.util.List;
import java.util.Random;

/** Lines that are right, nearly right, or nothing at all. Stateless. */
final class HostileLines
{
    private static final List<String> PIECES = List.of("BEGIN", "END", "LIST", "VAR", "lab", "other", "ups.status",
        "battery.charge", "battery.runtime", "ups.load", "\"OL\"", "\"OB LB\"", "\"FSD\"", "\"\"", "\"", "\\", "\\\"",
        "ERR", "UNKNOWN-COMMAND", "DATA-STALE", "VAR-NOT-SUPPORTED", "OK", "STARTTLS", "100", "\"-1\"", "\"NaN\"",
        "\"99999999999999999999\"", "\t", "\r", "\u001b[2J", "\u0000", "\u00ff");
    private static final List<String> WHOLE = List.of("BEGIN LIST VAR lab", "VAR lab ups.status \"OL\"",
        "VAR lab ups.status \"OB DISCHRG\"", "VAR lab battery.charge \"50\"", "VAR lab battery.runtime \"x\"",
        "END LIST VAR lab", "ERR DATA-STALE", "ERR UNKNOWN-COMMAND", "ERR VAR-NOT-SUPPORTED", "OK STARTTLS", "");

    private HostileLines()
    {
    }

    static String next(final Random random)
    {
        final int kind = random.nextInt(100);
        if (kind < 60)
        {
            return WHOLE.get(random.nextInt(WHOLE.size()));
        }
        if (kind < 61)
        {
            return "x".repeat(random.nextInt(3 * LineBuffer.LONGEST_BYTES));
        }
        final StringBuilder line = new StringBuilder();
        for (int pieces = random.nextInt(20); pieces > 0; pieces--)
        {
            line.append(PIECES.get(random.nextInt(PIECES.size()))).append(random.nextInt(8) == 0 ? "" : " ");
        }
        return line.toString();
    }
}
