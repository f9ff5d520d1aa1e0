/**
 * Carries the changed blocks of one site's volumes to another site and keeps a copy there that is always one sealed
 * epoch, byte for byte.
 *
 * <pre>
 *  SOURCE                                                         TARGET
 *  volume                                                         replica
 *    │ read                                                          ^ apply
 *    v                                                               │
 *  capture ─> hash ─> compress ─> send ══ path 1..n ══> receive ─> verify ─> journal
 *    ^                              ^                                           │
 *    │                              └────────────── ack, attempt state <────────┘
 *    └── granules of an epoch live in its attempt until it is sealed; the ack tracker lets them die
 * </pre>
 *
 * Reading order: {@code source} and {@code target} are the two ends; {@code wire} what travels, {@code paths} how;
 * {@code journal} what is kept until it is applied; {@code merkle} how both ends know that they agree; {@code resync}
 * what happens when they do not; {@code lineage} the small durable facts; {@code marks} what of the
 * kernel's marks outlives a boot; {@code status} what people see.
 *
 * <p>Every stage is an agent: a thread steps it in production, a simulation steps all of them in one thread. Time,
 * randomness, network and disks come from outside ({@code SourceRuntime}, {@code TargetRuntime}).
 */
package io.farblock.replication;
