package io.farblock.powersim.scenario;

import io.farblock.powersim.ups.SimUps;

/** Something that is done to a UPS. Immutable, so that it can be done again and to others. */
@FunctionalInterface
public interface UpsAction
{
    /** Does it, and gives what undoes it. */
    Runnable on(SimUps ups);
}
