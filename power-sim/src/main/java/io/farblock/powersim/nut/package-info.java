/**
 * The server's side of NUT's network protocol (RFC 9271, as upsd 2.8 speaks it), in front of simulated UPSes.
 *
 * <pre>
 *   upsc, upsmon ══ TCP, TLS after STARTTLS ══> NutServer ─> NutConnection ─> NutSession.answer(line)
 *                                                                                └─> NutSource ─> SimUps
 * </pre>
 *
 * Threads: {@code ups-accept} (one an address), {@code ups-nut} (one a connection, of which there is a limited number).
 * Clients are taken for hostile: lines, their time and the number of connections are bounded, and whatever a client
 * says is answered in the protocol's own words. Nothing is durable.
 */
package io.farblock.powersim.nut;
