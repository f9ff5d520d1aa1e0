package io.farblock.raidsim.serve;

import java.util.function.LongSupplier;
import org.agrona.concurrent.NanoClock;

/**
 * The two clocks of a running array, taken where the program starts. Immutable; thread safe if they are.
 *
 * @param nanos        what disks take their time on.
 * @param epochSeconds since 1970, for superblocks and events.
 */
public record Clocks(NanoClock nanos, LongSupplier epochSeconds)
{
}
