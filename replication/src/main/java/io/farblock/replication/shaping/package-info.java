/**
 * How much may go out when: a peer's and each path's calendar of rates
 * ({@link io.farblock.replication.shaping.RateSchedule}), and the buckets that hold the sender to it
 * ({@link io.farblock.replication.shaping.Shaper}). It has no threads, no clocks and no network of its own: the send
 * stage asks before a frame and says what it sent. Nothing is durable; after a restart a line begins without debts.
 */
package io.farblock.replication.shaping;
