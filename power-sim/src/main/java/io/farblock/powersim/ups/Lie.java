package io.farblock.powersim.ups;

/**
 * How a gauge departs from the truth. An immutable value.
 *
 * @param kind  in which way.
 * @param value what {@code kind} says of it.
 */
public record Lie(Kind kind, double value)
{
    /** The ways that gauges lie in the field. */
    public enum Kind
    {
        /** Shows {@code value} for ever. */
        STUCK,
        /** Shows the truth times {@code value}, which may be more than can be. */
        FACTOR,
        /** Shows what it showed when the lie began, until {@code value} percent are left, and from there the truth. */
        CLIFF
    }

    /** What the gauge shows. */
    double shown(final double truth, final double held, final double chargePercent)
    {
        return switch (kind)
        {
            case STUCK -> value;
            case FACTOR -> truth * value;
            case CLIFF -> chargePercent > value ? held : truth;
        };
    }
}
