/**
 * What happens to a UPS and when, as data that a person writes.
 *
 * <pre>
 *   TOML ─> Scenario (checked, immutable) ─> ScenarioRun.advanceTo(now) ─> SimUps
 *   command ─> the same, of one event, from now on
 * </pre>
 *
 * The same scenario and seed do the same at the same times, however time is stepped. No threads and no clock; nothing
 * is durable.
 */
package io.farblock.powersim.scenario;
