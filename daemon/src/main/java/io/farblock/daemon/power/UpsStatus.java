package io.farblock.daemon.power;

/**
 * What is known of one UPS at a moment. Immutable. Figures are what the UPS says, which is a hint: gauges lie.
 *
 * @param name           from the configuration.
 * @param state          in one word.
 * @param replaceBattery the UPS wants a new battery.
 * @param powerValue     how many of this machine's power supplies it feeds.
 * @param chargePercent  of the battery; -1 when it does not say.
 * @param runtimeNs      that the battery will last, as the UPS said when it was last heard; -1 when it does not say.
 * @param loadPercent    of what it can carry; -1 when it does not say.
 * @param tokens         its own words for its state, as it said them last: "OB DISCHRG"; empty before it was heard.
 * @param sinceNs        when it came into this state, on the monitor's clock.
 * @param heardNs        when it was last heard, on the same clock; {@link Long#MIN_VALUE} when it never was.
 * @param reason         why the state is unknown; empty when it is known.
 */
public record UpsStatus(
    String name,
    UpsState state,
    boolean replaceBattery,
    int powerValue,
    double chargePercent,
    long runtimeNs,
    double loadPercent,
    String tokens,
    long sinceNs,
    long heardNs,
    String reason)
{
}
