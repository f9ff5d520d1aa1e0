/**
 * An array that runs: its disks are image files, it is exported over NBD, and it takes requests from commands.
 *
 * <pre>
 *   NBD clients ─> NbdServer ─> StepsPlan ─> RaidArray ─> SimDisk ─> image file
 *                                  │             ^
 *   commands ─> ControlServer ─────┼──> Requests ┘   changes run on raid-work, which also rebuilds, resyncs, scrubs
 *                                  └> FaultPlans: faults that are due, before each request and between steps
 * </pre>
 *
 * Threads: {@code raid-work} (one), {@code raid-control} (one, for commands), those of the NBD servers. One server for
 * an array: {@link io.farblock.powersim.command.ControlLock} decides which. Durable is what the array says is durable,
 * in the image files; the log of faults is as durable as the page cache.
 */
package io.farblock.raidsim.serve;
