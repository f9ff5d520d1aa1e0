/**
 * UPSes that run: their time is the machine's, as fast as one likes, they answer NUT clients, and commands change them.
 *
 * <pre>
 *   NUT clients ─> NutServer ─┐
 *   commands ─> ControlServer ┼─> UpsRack (one lock) ─> ScenarioRun ─> SimUps
 *   ups-clock, 20 times a second ┘                └> EventLog
 * </pre>
 *
 * Threads: {@code ups-clock}, {@code ups-control}, those of the NUT servers. One server for a file:
 * {@link io.farblock.powersim.command.ControlLock} decides which. Nothing is durable: a UPS that is served again is as
 * its file describes it.
 */
package io.farblock.powersim.serve;
