/**
 * Disks that behave and fail like real ones, on purpose and on record.
 *
 * <pre>
 *   SimDisk     takes time as its DiskModel says, loses what was not flushed in a power cut, keeps SmartAttributes
 *     └ FaultyDisk    what a DiskFault breaks; each time one does, a FaultHit is recorded
 *         └ any BlockDevice that holds the bytes: memory, a sparse file
 * </pre>
 *
 * A {@link io.farblock.raidsim.disk.DiskFault} is injected as data. Whatever it changed, silently or not, is a
 * {@link io.farblock.raidsim.disk.FaultHit}, so that a checker can tell a fault of ours from a bug. A
 * {@link io.farblock.raidsim.disk.FaultyDisk} does without time and power, and is enough for most tests.
 *
 * <p>No threads, no clock and no chance of its own: time is a {@link io.farblock.raidsim.disk.SimTime}, chance comes
 * from seeds, and whoever drives it decides what fails and when. Durable is what the model or a flush has brought to
 * the wrapped device, and then as durable as that is.
 */
package io.farblock.raidsim.disk;
