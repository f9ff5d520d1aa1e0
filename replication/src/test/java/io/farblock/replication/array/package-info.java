/**
 * The main job on arrays that fail: two real sites, and a source volume that is an array over simulated disks. A test
 * is named after what goes wrong.
 */
package io.farblock.replication.array;
