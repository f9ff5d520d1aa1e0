package io.farblock.replication.source;

import io.farblock.replication.Quiesce;
import io.farblock.replication.Storage;
import io.farblock.replication.paths.Network;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * The outside world of a source, injected so that one thread and one seed can stand in for all of it.
 *
 * @param network what carries frames.
 * @param storage where devices come from.
 * @param quiesce what holds devices still.
 * @param clock   monotonic time.
 * @param wall    the time of day, for calendars.
 * @param zone    where that day is.
 * @param random  for session identities; unguessable in production.
 * @param jitter  nanoseconds to add to a retry, so that many sources do not knock at once.
 */
public record SourceRuntime(Network network, Storage storage, Quiesce quiesce, NanoClock clock, EpochClock wall,
    ZoneId zone, LongSupplier random,
    LongUnaryOperator jitter)
{
    /** A world without a calendar. */
    public SourceRuntime(final Network network, final Storage storage, final Quiesce quiesce, final NanoClock clock,
        final LongSupplier random, final LongUnaryOperator jitter)
    {
        this(network, storage, quiesce, clock, () -> 0, ZoneOffset.UTC, random, jitter);
    }
}
