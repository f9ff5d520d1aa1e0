/**
 * How frames get to the other site. {@link io.farblock.replication.paths.Network} is the seam: Netty carries the bytes
 * in production (one event loop thread named {@code paths}, and a short-lived one for each look-up of a host name), a
 * simulation puts its own in its place. A {@link io.farblock.replication.paths.Path} is one route with its health, and
 * the {@link io.farblock.replication.paths.Scheduler} chooses the one that is expected to deliver first. Nothing here
 * is durable; a frame is the sender's until it is acknowledged.
 */
package io.farblock.replication.paths;
