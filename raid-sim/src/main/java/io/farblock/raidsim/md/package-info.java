/**
 * What a member of an array keeps about the array, byte for byte as Linux md does: superblock 1.2 and internal
 * write-intent bitmap, so that the kernel's own md can run what is simulated here, and the other way round.
 *
 * <pre>
 *   0        4 KiB        8 KiB                                    data offset
 *   | unused | superblock | bitmap, if any | bad block log | unused | data of the array … |
 * </pre>
 *
 * {@link io.farblock.raidsim.md.ArrayDescription} is what all members agree on,
 * {@link io.farblock.raidsim.md.MemberRecord} what one of them knows at one event;
 * {@link io.farblock.raidsim.md.MemberFormat} writes and reads them; {@link io.farblock.raidsim.md.BitmapImage} is the
 * bitmap that all members hold alike.
 *
 * <p>Everything runs on the calling thread and answers {@code -errno} for a disk that fails. Nothing is durable before
 * the caller has flushed the member.
 */
package io.farblock.raidsim.md;
