package io.farblock.powersim.ups;

/**
 * What a UPS makes of the voltage that comes in. An immutable value.
 *
 * <pre>
 *   battery | boost |        as it is        | trim | battery
 *          low    boost       nominal       trim   high         V
 * </pre>
 *
 * @param nominalVolts what the line should have.
 * @param lowVolts     below it the battery takes over.
 * @param boostVolts   below it the transformer adds.
 * @param trimVolts    above it the transformer takes away.
 * @param highVolts    above it the battery takes over.
 * @param hertz        of the line.
 */
public record InputSpec(double nominalVolts, double lowVolts, double boostVolts, double trimVolts, double highVolts,
    double hertz)
{
    public InputSpec
    {
        if (!(0 < lowVolts && lowVolts <= boostVolts && boostVolts <= nominalVolts && nominalVolts <= trimVolts &&
            trimVolts <= highVolts))
        {
            throw new IllegalArgumentException("low " + lowVolts + ", boost " + boostVolts + ", nominal " +
                nominalVolts + ", trim " + trimVolts + ", high " + highVolts + " V, expected them in this order");
        }
    }

    /** 230 V with a window from 170 to 280. */
    public static InputSpec typical()
    {
        return new InputSpec(230, 170, 207, 253, 280, 50);
    }

    boolean isUsable(final double volts)
    {
        return volts >= lowVolts && volts <= highVolts;
    }

    boolean isBoosted(final double volts)
    {
        return isUsable(volts) && volts < boostVolts;
    }

    boolean isTrimmed(final double volts)
    {
        return isUsable(volts) && volts > trimVolts;
    }
}
