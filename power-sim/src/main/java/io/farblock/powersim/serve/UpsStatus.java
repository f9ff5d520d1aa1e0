package io.farblock.powersim.serve;

import io.farblock.powersim.ups.BatteryTruth;
import io.farblock.powersim.ups.Communication;
import io.farblock.powersim.ups.SimUps;
import java.util.Map;

/**
 * A UPS at one moment: what it says, and what is so. An immutable value.
 *
 * @param variables     what it says, or would if anybody could hear it.
 * @param truth         of its battery.
 * @param loadWatts     what it is to carry.
 * @param isOutputOn    whether it does.
 * @param outputLosses  how often it did not.
 * @param inputSource   "mains", "generator" or "none".
 * @param inputVolts    what comes in.
 * @param nominalVolts  what should.
 * @param nominalWatts  what it can carry.
 * @param communication what those who ask get to hear.
 */
record UpsStatus(String name, Map<String, String> variables, BatteryTruth truth, double loadWatts,
    boolean isOutputOn, long outputLosses, String inputSource, double inputVolts, double nominalVolts,
    double nominalWatts, Communication communication)
{
    static UpsStatus of(final SimUps ups)
    {
        return new UpsStatus(ups.spec().name(), ups.variables(), ups.truth(), ups.loadWatts(), ups.isOutputOn(),
            ups.outputLosses(), ups.inputSource(), ups.inputVolts(), ups.spec().input().nominalVolts(),
            ups.spec().nominalWatts(), ups.communication());
    }

    double said(final String variable)
    {
        return Double.parseDouble(variables.get(variable));
    }

    String tokens()
    {
        return variables.get("ups.status");
    }
}
