/**
 * What can be known, after the machine was started, of the time before anybody followed the writes to a device: which
 * start of the kernel this is, whether anything was written before, where an array's own bitmap says that it was
 * written just before the power went, and whether a device still looks as it did.
 *
 * <p>{@link io.farblock.blockdev.boot.BootLook} is what others ask; {@link io.farblock.blockdev.boot.LinuxBoot} asks
 * sysfs, proc and the devices. Everything runs on the calling thread and only reads. Nothing here is durable.
 */
package io.farblock.blockdev.boot;
