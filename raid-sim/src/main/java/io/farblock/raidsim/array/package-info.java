/**
 * The array itself: requests in, members' bytes out, with whatever members there are.
 *
 * <p>A write is answered when it is on all members that the array has; it is durable after a flush. Everything that has
 * to be known at the next start (who belongs to the array, what may be torn, how far a rebuild came) is on the members
 * before the write that makes it true is answered. Any thread may send requests; one calls
 * {@link io.farblock.raidsim.array.RaidArray#work}, which rebuilds, resyncs and scrubs.
 */
package io.farblock.raidsim.array;
