/**
 * A software RAID over simulated disks that fail, for tests and for people who try recovery plans.
 *
 * <p>{@link io.farblock.raidsim.disk} is where to begin: disks that behave and fail like real ones, on purpose and on
 * record. No threads, randomness or clock of their own: whoever drives a simulation hands them in.
 */
package io.farblock.raidsim;
