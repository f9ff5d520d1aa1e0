/**
 * The target's end: takes frames in any order from any path, verifies each block, keeps it, and shows nothing of an
 * epoch before all of it is durable and both sides' digests agree.
 *
 * <p>Flow: the network's thread puts frames into the {@code TargetRing} at the place of their sequence,
 * {@code VerifyStage} checks digests, {@code ApplyStage} journals in order, seals, applies. A replica without a sealed
 * epoch is {@code seeding}: blocks go straight to it, since there is nothing yet that a crash could mangle. Durable
 * after a seal: journal, replica, digest table, record, in the order that each step's comment gives.
 */
package io.farblock.replication.target;
