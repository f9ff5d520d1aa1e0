/**
 * Makes a device that is in use hold still for a moment, so that what is read from it is one instant of it.
 *
 * <p>{@link io.farblock.blockdev.still.Freezer} freezes the file systems on devices and thaws them; a process of its
 * own, {@link io.farblock.blockdev.still.ThawWatchdog}, thaws them when the daemon cannot: killed, stopped or late.
 */
package io.farblock.blockdev.still;
