/**
 * What makes the redundant strips of a stripe, and the lost ones: bytes in, bytes out. A
 * {@link io.farblock.raidsim.parity.StripeCode} is given the strips of one stripe in direct buffers and fills in some
 * from the others: {@link io.farblock.raidsim.parity.MirrorCode} by copying,
 * {@link io.farblock.raidsim.parity.ParityCode} with P and Q, the same to the byte as Linux md's.
 *
 * <p>Runs on the caller's thread; nothing here blocks, allocates after construction, or is durable.
 */
package io.farblock.raidsim.parity;
