package io.farblock.powersim.ups;

import java.util.EnumMap;
import java.util.Map;

/** What a UPS shows of its battery: the truth, unless somebody told it to lie. Not thread safe. */
final class Gauges
{
    private final Map<Gauge, Lie> lies = new EnumMap<>(Gauge.class);
    private final Map<Gauge, Double> held = new EnumMap<>(Gauge.class);

    /** @param shown what the gauge shows at this moment. */
    void lie(final Gauge gauge, final Lie lie, final double shown)
    {
        lies.put(gauge, lie);
        held.put(gauge, shown);
    }

    void honest(final Gauge gauge)
    {
        lies.remove(gauge);
    }

    boolean isHonest()
    {
        return lies.isEmpty();
    }

    double shown(final Gauge gauge, final double truth, final double chargePercent)
    {
        final Lie lie = lies.get(gauge);
        return lie == null ? truth : lie.shown(truth, held.get(gauge), chargePercent);
    }
}
