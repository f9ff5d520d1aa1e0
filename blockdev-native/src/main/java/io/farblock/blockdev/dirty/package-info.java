/**
 * What changed on a volume since it was last asked. A tracker is harvested into a
 * {@link io.farblock.blockdev.dirty.DirtyMap}, and takes back what could not be replicated. Harvest and put back run
 * on the thread of the volume's capture; marks may come from anywhere. The marks of a
 * {@link io.farblock.blockdev.dirty.MarkedTracker} can be looked at, and added to, by whoever writes them down. Nothing
 * here is durable.
 */
package io.farblock.blockdev.dirty;
