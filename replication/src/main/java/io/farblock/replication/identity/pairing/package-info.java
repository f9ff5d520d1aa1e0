/**
 * How two sites come to pin each other's certificate with a short code that a person carries from one to the other:
 * messages in, messages out, no sockets, no clock and no thread. {@link
 * io.farblock.replication.identity.pairing.PairingSession} draws the exchange. Durable after it: one pin on each side.
 */
package io.farblock.replication.identity.pairing;
