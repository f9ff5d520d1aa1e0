package io.farblock.powersim.serve;

import java.util.List;

/**
 * A server of UPSes at one moment. An immutable value.
 *
 * @param timeNs    since they were served, on their own clock.
 * @param speed     of that clock.
 * @param addresses where NUT clients find them.
 * @param upses     in the file's order.
 * @param events    the last few, oldest first.
 */
record RackStatus(long timeNs, double speed, List<String> addresses, List<UpsStatus> upses, List<UpsEvent> events)
{
}
