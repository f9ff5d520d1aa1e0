/**
 * The digest of every block of a volume, as a tree whose root stands for the whole content. Both sides keep one: the
 * source compares what it reads with it, the target what it received, and an epoch is sealed only when the two roots
 * agree.
 *
 * <p>A {@link io.farblock.replication.merkle.DigestTree} lies on a {@link io.farblock.blockdev.BlockDevice}. An epoch
 * in the making is a second tree laid over the first, thrown away when the epoch fails. A tree has one owning thread
 * at a time; durable is what {@code sync} has returned for.
 */
package io.farblock.replication.merkle;
