/**
 * What the kernel says of a software RAID array (md): its state as it is, and where it was written just before a power
 * cut.
 *
 * <p>{@link io.farblock.blockdev.raid.MdSysfs} reads an array from sysfs into a
 * {@link io.farblock.blockdev.raid.MdArray}, whose {@link io.farblock.blockdev.raid.ArrayState} names what is going on;
 * {@link io.farblock.blockdev.raid.ArrayWatch} waits for the next change. {@link io.farblock.blockdev.raid.WriteIntent}
 * reads the write-intent bitmaps of an array's members ({@link io.farblock.blockdev.raid.MdBitmap} of each) and names
 * what a compare after a power cut must look at, or why it must look at everything;
 * {@link io.farblock.blockdev.raid.BootIntent} does so for a volume of a running system, early after its start.
 *
 * <p>Everything runs on the calling thread, only reads, and throws for nothing that it finds. Nothing here is durable.
 */
package io.farblock.blockdev.raid;
