package io.farblock.powersim.ups;

import java.util.concurrent.TimeUnit;

/**
 * A UPS before anything happens to it. An immutable value, made by its builder.
 *
 * @param name             what clients call it.
 * @param description      for people.
 * @param nominalWatts     what it can carry.
 * @param overloadPercent  of that, which the inverter bears for {@code overloadNs} only.
 * @param overloadNs       how long it bears more.
 * @param loadWatts        what it carries at first.
 * @param idleWatts        what its own electronics take from the battery while they run on it.
 * @param efficiency       of the inverter, above 0, at most 1.
 * @param transferNs       from the loss of its input to current from its battery.
 * @param holdUpNs         how long the load's own power supplies bridge.
 * @param returnNs         how long the input must be good before the load is given back to it.
 * @param restartNs        how long its output stays off after it was, and its input good, before it comes back.
 * @param lowChargePercent at or below which it says that its battery is low.
 * @param lowRuntimeNs     the same by the time that is left.
 * @param input            what it does with which voltage.
 * @param battery          its battery.
 * @param chargePercent    how full that is at first.
 * @param generator        what may feed it when the mains is gone; null for none.
 * @param seed             all chance comes from it.
 */
public record UpsSpec(String name, String description, double nominalWatts, double overloadPercent, long overloadNs,
    double loadWatts, double idleWatts, double efficiency, long transferNs, long holdUpNs, long returnNs,
    long restartNs, double lowChargePercent, long lowRuntimeNs, InputSpec input, BatterySpec battery,
    double chargePercent, GeneratorSpec generator, long seed)
{
    public UpsSpec
    {
        require(nominalWatts > 0, "a UPS for " + nominalWatts + " W carries nothing");
        require(loadWatts >= 0 && loadWatts < Double.MAX_VALUE, "a load of " + loadWatts + " W, expected 0 or more");
        require(idleWatts >= 0, "idle at " + idleWatts + " W, expected 0 or more");
        require(efficiency > 0 && efficiency <= 1, "an efficiency of " + efficiency + ", expected above 0, at most 1");
        require(overloadPercent >= 100, "overload from " + overloadPercent + " percent, expected 100 or more");
        require(transferNs >= 0 && holdUpNs >= 0 && returnNs >= 0 && restartNs >= 0 && overloadNs >= 0 &&
            lowRuntimeNs >= 0, "a time below 0");
        require(lowChargePercent >= 0 && lowChargePercent <= 100 && chargePercent >= 0 && chargePercent <= 100,
            "charge " + chargePercent + ", low at " + lowChargePercent + " percent, expected 0 to 100");
    }

    private static void require(final boolean sound, final String complaint)
    {
        if (!sound)
        {
            throw new IllegalArgumentException(complaint);
        }
    }

    /** 900 W with about half an hour at a third of that, full, on 230 V, without a generator. */
    public static Builder builder(final String name)
    {
        return new Builder(name);
    }

    /** Collects what differs from the typical. One thread. */
    public static final class Builder
    {
        private final String name;
        private String description = "simulated";
        private double nominalWatts = 900;
        private double overloadPercent = 125;
        private long overloadNs = TimeUnit.SECONDS.toNanos(10);
        private double loadWatts = 300;
        private double idleWatts = 10;
        private double efficiency = 0.9;
        private long transferNs = TimeUnit.MILLISECONDS.toNanos(8);
        private long holdUpNs = TimeUnit.MILLISECONDS.toNanos(16);
        private long returnNs = TimeUnit.SECONDS.toNanos(1);
        private long restartNs = TimeUnit.SECONDS.toNanos(10);
        private double lowChargePercent = 20;
        private long lowRuntimeNs = TimeUnit.MINUTES.toNanos(2);
        private InputSpec input = InputSpec.typical();
        private BatterySpec battery = BatterySpec.typical();
        private double chargePercent = 100;
        private GeneratorSpec generator;
        private long seed;

        private Builder(final String name)
        {
            this.name = name;
        }

        public Builder description(final String text)
        {
            description = text;
            return this;
        }

        public Builder nominal(final double watts)
        {
            nominalWatts = watts;
            return this;
        }

        public Builder overload(final double percent, final long mostNs)
        {
            overloadPercent = percent;
            overloadNs = mostNs;
            return this;
        }

        public Builder load(final double watts)
        {
            loadWatts = watts;
            return this;
        }

        public Builder losses(final double watts, final double share)
        {
            idleWatts = watts;
            efficiency = share;
            return this;
        }

        public Builder transfer(final long gapNs, final long bridgedNs)
        {
            transferNs = gapNs;
            holdUpNs = bridgedNs;
            return this;
        }

        public Builder returning(final long afterNs, final long afterOffNs)
        {
            returnNs = afterNs;
            restartNs = afterOffNs;
            return this;
        }

        public Builder low(final double percent, final long runtimeNs)
        {
            lowChargePercent = percent;
            lowRuntimeNs = runtimeNs;
            return this;
        }

        public Builder input(final InputSpec spec)
        {
            input = spec;
            return this;
        }

        public Builder battery(final BatterySpec spec, final double percent)
        {
            battery = spec;
            chargePercent = percent;
            return this;
        }

        public Builder generator(final GeneratorSpec spec)
        {
            generator = spec;
            return this;
        }

        public Builder seed(final long number)
        {
            seed = number;
            return this;
        }

        /** @throws IllegalArgumentException for what no UPS can be. */
        public UpsSpec conclude()
        {
            return new UpsSpec(name, description, nominalWatts, overloadPercent, overloadNs, loadWatts, idleWatts,
                efficiency, transferNs, holdUpNs, returnNs, restartNs, lowChargePercent, lowRuntimeNs, input, battery,
                chargePercent, generator, seed);
        }
    }
}
