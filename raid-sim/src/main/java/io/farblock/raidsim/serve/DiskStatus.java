package io.farblock.raidsim.serve;

import io.farblock.raidsim.disk.SmartAttributes;

/**
 * How one disk is. An immutable value.
 *
 * @param name      the disk's.
 * @param slot      its place in the array, or -1.
 * @param state     "in sync", "rebuilding", "replacing", "spare", "failed", "unused", or what a superblock says.
 * @param percent   how much of its share it holds, 0 to 100.
 * @param corrected read errors that the array has corrected.
 * @param badBytes  known to be lost on it.
 * @param isPulled  whether it is out.
 * @param hits      how often a fault struck.
 * @param model     "hdd", "none", ...
 * @param smart     what it says of itself; null when nobody runs it.
 */
public record DiskStatus(String name, int slot, String state, double percent, long corrected, long badBytes,
    boolean isPulled, long hits, String model, SmartAttributes smart)
{
}
