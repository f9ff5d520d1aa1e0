package io.farblock.daemon.cli;

import io.farblock.daemon.config.DurationText;
import io.farblock.daemon.config.SizeText;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import java.util.Locale;

/** The paths of one peer as people read them. Stateless. */
final class PathText
{
    private PathText()
    {
    }

    static String of(final SourceStatus source)
    {
        final Columns columns = new Columns("", "PATH", "LOCAL", "REMOTE", "STATE", "RTT", "RATE", "QUEUED", "SENT",
            "RECEIVED", "RESENT", "TAKEN", "SUSPECT", "USE", "REASON");
        for (final PathStatus path : source.paths())
        {
            columns.row(source.peer() + "/" + path.name(), known(path.local()), known(path.remote()),
                known(path.state()), rtt(path),
                path.deliveryBytesPerSecond() > 0 ? SizeText.of(path.deliveryBytesPerSecond()) + "/s" : "unknown",
                SizeText.of(path.inFlightBytes()), SizeText.of(path.sentBytes()), SizeText.of(path.receivedBytes()),
                path.resentFrames() + " frames", path.connections() + " times", path.suspicions() + " times",
                use(path), known(path.reason()));
        }
        return columns.toString();
    }

    private static String rtt(final PathStatus path)
    {
        return path.rttNs() == 0 ? "unknown" : DurationText.of(path.rttNs()) + " ± "
            + DurationText.of(path.rttVariationNs());
    }

    private static String use(final PathStatus path)
    {
        return (path.metered() ? "metered" : "cost " + path.cost())
            + (path.limitBytesPerSecond() == 0 ? "" : String.format(
                Locale.ROOT, ", at most %.1f Mbit/s", path.limitBytesPerSecond() * 8 / 1e6))
            + (path.encrypted() ? "" : ", INSECURE");
    }

    private static String known(final String text)
    {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
