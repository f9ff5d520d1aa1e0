/**
 * Block devices over the network, by the NBD protocol: {@link io.farblock.blockdev.nbd.NbdServer} exports any device,
 * {@link io.farblock.blockdev.nbd.NbdBlockDevice} is a device whose bytes are at some server.
 *
 * <pre>
 *   caller ─> NbdBlockDevice ─> ClientSession ══ wire ══> ServerSession ─> ServerRequest ─> device
 * </pre>
 *
 * <p>Both sides speak the fixed newstyle handshake, structured replies and {@code base:allocation}; either works with
 * other implementations. Event loops ({@code nbd-loop-N}, {@code nbd-client}) carry bytes and never wait; what waits
 * for a device runs on {@code nbd-work-N}, what waits for a server on the caller's own thread. Nothing is durable until
 * a flush, or a write with FUA, was answered.
 *
 * <p>The protocol authenticates nobody and encrypts nothing: a server belongs on a unix socket or on the loopback
 * address. Facts of the protocol are from doc/proto.md of github.com/NetworkBlockDevice/nbd.
 */
package io.farblock.blockdev.nbd;
