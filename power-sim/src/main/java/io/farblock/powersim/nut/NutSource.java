package io.farblock.powersim.nut;

import io.farblock.powersim.ups.Communication;
import io.farblock.powersim.ups.SimUps;
import java.util.List;
import java.util.function.Function;

/** The UPSes that a server speaks for. Any thread. */
public interface NutSource
{
    /** In the order in which they are listed. */
    List<String> names();

    /** Asks or changes a UPS of that name, as it is at this moment, while nobody else does. */
    <T> T ask(String name, Function<SimUps, T> question);

    /** How the server as a whole behaves: refusing and hanging concern all of its UPSes. */
    Communication communication();
}
