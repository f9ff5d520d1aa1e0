/**
 * The sockets under a pairing: {@code farblock pair} runs it on its main thread, one connection at a time, with a limit
 * on every wait. What is said is {@link io.farblock.replication.identity.pairing.PairingSession}'s; what is durable
 * after it is one pin on each side.
 */
package io.farblock.daemon.pairing;
