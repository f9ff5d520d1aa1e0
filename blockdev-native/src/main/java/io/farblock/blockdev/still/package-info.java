/**
 * Makes a device that is in use hold still for a moment, so that what is read from it is one instant of it.
 *
 * <p>{@link io.farblock.blockdev.still.Freezer} freezes the file systems on devices and thaws them; a process of its
 * own, {@link io.farblock.blockdev.still.ThawWatchdog}, thaws them when the daemon cannot: killed, stopped or late.
 *
 * <p>Or it makes a snapshot: {@link io.farblock.blockdev.still.Reflink} of an image file,
 * {@link io.farblock.blockdev.still.LvmSnapshot} of a logical volume. {@link io.farblock.blockdev.still.Hook} asks the
 * operator's own command to still an application or make a snapshot; commands are run by a
 * {@link io.farblock.blockdev.still.CommandRunner}.
 *
 * <p>Everything runs on the calling thread and nothing is durable: a freeze, a clone or a snapshot that its process
 * left behind is undone by the next one, or by the watchdog.
 */
package io.farblock.blockdev.still;
