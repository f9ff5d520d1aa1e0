package io.farblock.daemon.power;

import java.util.List;
import java.util.Map;

/**
 * What {@code farblock status} and {@code farblock power} tell of the power. Immutable; its JSON, field by field, is a
 * contract. Durations in ns, sizes in bytes, -1 for what is not known.
 *
 * @param state       of the site, in one word.
 * @param reason      what each UPS was believed to do when it came into this state.
 * @param forNs       since then.
 * @param phase       how far it stands down: running, last-epochs, closing, hook, resting, waking.
 * @param phaseReason why it does not run as always; empty when it does.
 * @param runtimeNs   how long the machine runs on batteries, when there is no mains from now on.
 * @param budgetNs    what of that is there for epochs.
 * @param minSupplies so many supplies keep it up.
 * @param upses       in the configuration's order.
 * @param policy      words, by state.
 * @param reserveNs   what belongs to the shutdown.
 * @param risk        energy to data.
 * @param events      the last ones, oldest first.
 */
public record PowerStatus(
    String state,
    String reason,
    long forNs,
    String phase,
    String phaseReason,
    long runtimeNs,
    long budgetNs,
    int minSupplies,
    List<UpsLine> upses,
    Map<String, List<String>> policy,
    long reserveNs,
    List<GroupRisk> risk,
    List<PowerEvent> events)
{
    /**
     * One UPS.
     *
     * @param state      as it says.
     * @param counted    as what it counts, after the debounce; a UPS that was lost on its battery still is on it.
     * @param forNs      how long it has been in its state.
     * @param heardAgoNs since it was last heard.
     * @param runtimeNs  by what it said last, and the clock since then.
     */
    public record UpsLine(String name, String state, String counted, boolean replaceBattery, int powerValue,
        double chargePercent, long runtimeNs, double loadPercent, String tokens, long forNs, long heardAgoNs,
        String reason)
    {
    }

    /**
     * How many bytes of a group would be lost with this machine, and what that rests on.
     *
     * @param waitingBytes         marked and not sealed: lost when the battery dies now.
     * @param growthBytesPerSecond how fast that grows between epochs.
     * @param wireBytesPerSecond   what was seen on the paths.
     * @param epochNs              how long an epoch takes that is cut now.
     * @param intervalNs           from epoch to epoch without an outage; 0 when they come on demand only.
     * @param batteryIntervalNs    on battery; 0 when nothing is shortened.
     * @param withoutPolicyBytes   lost at the end of the batteries' runtime when nothing is done about the power.
     * @param withPolicyBytes      lost then as the policy has it on battery, epochs ending where the reserve begins,
     *                             when the group is written to until the end. When it will be low nobody knows.
     */
    public record GroupRisk(String group, long waitingBytes, long growthBytesPerSecond, long wireBytesPerSecond,
        long epochNs, long intervalNs, long batteryIntervalNs, long withoutPolicyBytes, long withPolicyBytes)
    {
    }
}
