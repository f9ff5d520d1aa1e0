package io.farblock.replication.target;

import io.farblock.replication.Storage;
import io.farblock.replication.paths.Network;
import org.agrona.concurrent.NanoClock;

/**
 * The outside world of a target, injected so that one thread and one seed can stand in for all of it.
 *
 * @param network     what carries frames.
 * @param storage     where devices come from.
 * @param clock       monotonic time.
 * @param incarnation names this life of the process; another one after every start.
 */
public record TargetRuntime(Network network, Storage storage, NanoClock clock, long incarnation)
{
}
