/**
 * Block devices and files as Linux has them, and the only native calls of the program.
 *
 * <p>{@link io.farblock.blockdev.linux.LinuxBlockDevice} opens a block device or an image file and moves bytes between
 * it and off-heap buffers without a copy. {@link io.farblock.blockdev.linux.DeviceUsage} says who else uses it, so that
 * a refusal can name the mount point. {@link io.farblock.blockdev.linux.ImageFile} creates image files,
 * {@link io.farblock.blockdev.linux.NativeFile} gives other packages the file calls that Java lacks,
 * {@link io.farblock.blockdev.linux.BpfCalls} and {@link io.farblock.blockdev.linux.MappedMemory} serve the programs
 * and maps of {@code bpf}. All of them go through
 * {@link io.farblock.blockdev.linux.LinuxCalls}, which returns {@code >= 0} or {@code -errno}.
 *
 * <p>Everything runs on the calling thread, and only opening and creating throw. A written byte is durable after
 * {@code flush}; a created image file is durable when {@code create} returns.
 *
 * <p>{@link io.farblock.blockdev.linux.MountedFileSystems} finds the file systems that write to a device; each can be
 * opened to flush, freeze and thaw it. {@link io.farblock.blockdev.linux.AttributePoll} waits for files of sysfs and
 * proc to change.
 */
package io.farblock.blockdev.linux;
