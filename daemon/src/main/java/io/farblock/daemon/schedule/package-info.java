/**
 * Epochs by the clock. One thread, named {@code schedule}, steps {@link io.farblock.daemon.schedule.IntervalAgent};
 * under a simulator or a test, somebody else steps it. Nothing here is durable: after a restart every group with an
 * interval is due at once.
 */
package io.farblock.daemon.schedule;
