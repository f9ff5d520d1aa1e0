/**
 * A UPS that exists in numbers: battery, inverter, line, generator, gauges that may lie.
 *
 * <pre>
 *   mains, load, age ... ─> SimUps.advanceTo(now) ─> variables()    what it says, by NUT's names
 *                                                 └> truth(), isOutputOn()   what is so
 * </pre>
 *
 * Time is told, never asked for; there are no threads, nothing is durable, and all chance comes from the seed of the
 * {@link io.farblock.powersim.ups.UpsSpec}. Tests step it through a night in a blink.
 */
package io.farblock.powersim.ups;
