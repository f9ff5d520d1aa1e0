/**
 * A software RAID over simulated disks that fail, for tests and for people who try recovery plans.
 *
 * <p>{@link io.farblock.raidsim.disk} is where to begin: disks that behave and fail like real ones, on purpose and on
 * record; {@link io.farblock.raidsim.array} is the RAID. No threads, randomness or clock of their own: whoever drives a
 * simulation hands them in. {@link io.farblock.raidsim.serve} does, for people, and {@link io.farblock.raidsim.cli} is
 * the command.
 */
package io.farblock.raidsim;
