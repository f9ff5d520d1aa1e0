package io.farblock.powersim.ups;

/**
 * What is so, whatever the gauges show. An immutable value.
 *
 * @param storedJoules   in the battery, by its rated discharge.
 * @param capacityJoules the same of a full one of its age and temperature.
 * @param usableJoules   what the present load would still get of them.
 * @param secondsLeft    until the output drops at the present load, on battery from now on; 0 when it has.
 */
public record BatteryTruth(double storedJoules, double capacityJoules, double usableJoules, double secondsLeft)
{
    public double chargePercent()
    {
        return Math.min(100, 100 * storedJoules / capacityJoules);
    }
}
