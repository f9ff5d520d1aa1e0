/**
 * What a block device is: bytes at offsets, a geometry, and a flush that means something.
 *
 * <p>Everything above works on {@link io.farblock.blockdev.BlockDevice}, so the same code runs on a real disk, on
 * memory, and on simulated disks that fail or lose power. {@link io.farblock.blockdev.CheckedBlockDevice} is the one
 * place where ranges and alignment are checked. The Linux implementation and the only native calls are in
 * {@code linux}; the record of what changed is in {@code dirty}, and {@code bpf} has the kernel keep it; {@code raid}
 * says how an array is; {@code still} has one that is in use hold still; {@code nbd} has devices served to others, and
 * theirs used here.
 */
package io.farblock.blockdev;
