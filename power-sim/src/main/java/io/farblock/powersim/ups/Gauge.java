package io.farblock.powersim.ups;

/** What a UPS shows of its battery, and may lie about. */
public enum Gauge
{
    /** In percent. */
    CHARGE,
    /** In seconds. */
    RUNTIME
}
