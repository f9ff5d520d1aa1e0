/**
 * Disks that fail the way real ones do, on purpose and on record. A {@link io.farblock.raidsim.disk.FaultyDisk} wraps
 * any block device; a {@link io.farblock.raidsim.disk.DiskFault} is injected as data; each time one makes a request
 * fail, a {@link io.farblock.raidsim.disk.FaultHit} is recorded, so that a checker can tell a fault of ours from a bug.
 *
 * <p>No threads, no randomness, no clock of its own: whoever drives it decides what fails and when. What is durable is
 * up to the wrapped device.
 */
package io.farblock.raidsim.disk;
