package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;
import io.farblock.daemon.power.UpsState;
import io.farblock.daemon.power.UpsStatus;
import java.util.concurrent.TimeUnit;

/**
 * What a UPS said last, and what that is worth at a moment: it stands until it is too old, whatever the reason that
 * nothing newer is heard. A server that is restarted answers for a moment that it has no data, and a driver that is
 * restarted has none to give; neither is an event. What was known of charge and runtime is kept when the state no
 * longer is.
 *
 * <p>Written by the thread that watches; read by any, and good even if that thread should hang, because age is judged
 * when it is read.
 */
final class LastWord
{
    private final UpsConfig ups;
    private final long staleAfterNs;
    private volatile Said said;

    /** @param silence why nothing is heard at the moment; empty while something is. */
    private record Said(UpsStatus status, String silence)
    {
    }

    LastWord(final UpsConfig ups, final long nowNs)
    {
        this.ups = ups;
        this.staleAfterNs = ups.staleAfter().toNanos();
        this.said = new Said(new UpsStatus(ups.name(), UpsState.UNKNOWN, false, ups.powerValue(), -1, -1, -1, "",
            nowNs, Long.MIN_VALUE, "it was not heard yet"), "");
    }

    /** What is known at a moment. */
    UpsStatus at(final long nowNs)
    {
        final Said now = said;
        final UpsStatus status = now.status;
        if (status.state() == UpsState.UNKNOWN || nowNs - status.heardNs() <= staleAfterNs)
        {
            return status;
        }
        return unknown(status, status.heardNs() + staleAfterNs, "not heard for more than " +
            TimeUnit.NANOSECONDS.toMillis(staleAfterNs) / 1000.0 + " s" +
            (now.silence.isEmpty() ? "" : ": " + now.silence));
    }

    /** The UPS was heard. */
    void heard(final UpsAnswer answer, final long nowNs)
    {
        final UpsStatus before = at(nowNs);
        final StatusWords words = StatusWords.of(answer.status());
        if (words.isPlaceholder())
        {
            silent(words.reason());
            return;
        }
        said = new Said(new UpsStatus(ups.name(), words.state(), words.replaceBattery(), ups.powerValue(),
            answer.chargePercent(), answer.runtimeNs(), answer.loadPercent(), words.words(),
            words.state() == before.state() ? before.sinceNs() : nowNs, nowNs, words.reason()), "");
    }

    /** Nothing is heard of the UPS, and why; also what the server answers when it cannot say. */
    void silent(final String reason)
    {
        final UpsStatus before = said.status;
        said = before.state() == UpsState.UNKNOWN ? new Said(unknown(before, before.sinceNs(), reason), reason) :
            new Said(before, reason);
    }

    /** The same, but not known any more. */
    static UpsStatus unknown(final UpsStatus status, final long sinceNs, final String reason)
    {
        return new UpsStatus(status.name(), UpsState.UNKNOWN, status.replaceBattery(), status.powerValue(),
            status.chargePercent(), status.runtimeNs(), status.loadPercent(), status.tokens(), sinceNs,
            status.heardNs(), reason);
    }
}
