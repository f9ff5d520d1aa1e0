package io.farblock.powersim.ups;

/**
 * A battery as its maker and its years describe it. An immutable value.
 *
 * @param volts             nominal.
 * @param ampereHours       what it gives when new, at 25 degrees, drawn empty over {@code ratedHours}.
 * @param ratedHours        the discharge that its capacity is stated for; 20 for lead.
 * @param peukert           exponent of Peukert's law: 1 loses nothing to speed, lead is at 1.1 to 1.3.
 * @param ageYears          since it was new.
 * @param lifeYears         when it is down to four fifths.
 * @param celsius           its temperature.
 * @param chargerWatts      what the charger puts into it while it takes all.
 * @param absorptionPercent from where on it takes less and less.
 */
public record BatterySpec(double volts, double ampereHours, double ratedHours, double peukert, double ageYears,
    double lifeYears, double celsius, double chargerWatts, double absorptionPercent)
{
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double RATED_CELSIUS = 25;
    private static final double LOST_IN_LIFE = 0.2;
    private static final double LOST_IN_SECOND_LIFE = 0.7;
    private static final double LOST_PER_DEGREE_OF_COLD = 0.008;
    private static final double LEAST_LEFT = 0.02;
    private static final double DEGREES_THAT_HALVE_LIFE = 10;

    public BatterySpec
    {
        require(volts > 0 && ampereHours > 0, "a battery of " + volts + " V and " + ampereHours + " Ah holds nothing");
        require(ratedHours > 0, "rated over " + ratedHours + " h, expected more than 0");
        require(peukert >= 1 && peukert <= 2, "a Peukert exponent of " + peukert + ", expected 1 to 2");
        require(ageYears >= 0 && lifeYears > 0, "age " + ageYears + " of " + lifeYears + " years, expected 0 or more");
        require(celsius >= -40 && celsius <= 80, celsius + " degrees, expected -40 to 80");
        require(chargerWatts >= 0, "a charger of " + chargerWatts + " W, expected 0 or more");
        require(absorptionPercent > 0 && absorptionPercent < 100,
            "absorption from " + absorptionPercent + " percent, expected between 0 and 100");
    }

    /** Two blocks of 12 V and 17 Ah, new, as under many a desk. */
    public static BatterySpec typical()
    {
        return new BatterySpec(24, 17, 20, 1.25, 0, 5, RATED_CELSIUS, 100, 80);
    }

    private static void require(final boolean sound, final String complaint)
    {
        if (!sound)
        {
            throw new IllegalArgumentException(complaint);
        }
    }

    public BatterySpec aged(final double years)
    {
        return new BatterySpec(volts, ampereHours, ratedHours, peukert, years, lifeYears, celsius, chargerWatts,
            absorptionPercent);
    }

    public BatterySpec at(final double degrees)
    {
        return new BatterySpec(volts, ampereHours, ratedHours, peukert, ageYears, lifeYears, degrees, chargerWatts,
            absorptionPercent);
    }

    /** The share of its capacity that its years have left; heat counts years faster, after Arrhenius. */
    public double wear()
    {
        final double haste = Math.pow(2, Math.max(0, celsius - RATED_CELSIUS) / DEGREES_THAT_HALVE_LIFE);
        final double lives = ageYears * haste / lifeYears;
        return Math.max(LEAST_LEFT, 1 - LOST_IN_LIFE * Math.min(1, lives) -
            LOST_IN_SECOND_LIFE * Math.max(0, lives - 1));
    }

    /** What it holds when full, drawn as slowly as it is rated for. */
    public double capacityJoules()
    {
        final double cold = LOST_PER_DEGREE_OF_COLD * Math.max(0, RATED_CELSIUS - celsius);
        return volts * ampereHours * SECONDS_PER_HOUR * Math.max(LEAST_LEFT, wear() * (1 - cold));
    }

    /**
     * How fast the store empties when so much is drawn: Peukert's t = H (C / (I H))^k, by power instead of current.
     * Drawn more slowly than rated it gives what it holds, and not more, whatever the formula promises.
     */
    public double drainWatts(final double watts)
    {
        final double ratedWatts = capacityJoules() / (ratedHours * SECONDS_PER_HOUR);
        return watts * Math.pow(Math.max(1, watts / ratedWatts), peukert - 1);
    }
}
