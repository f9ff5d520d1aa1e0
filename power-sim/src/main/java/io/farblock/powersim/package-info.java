/**
 * What a power cut does to storage. A {@link io.farblock.powersim.VolatileDevice} keeps writes in a cache that a cut
 * takes away, as the page cache of a machine and the cache of a disk do; the {@link io.farblock.powersim.CutReport}
 * says what became of them. What was flushed, or written durably, lies in the wrapped device and survives.
 *
 * <pre>
 *   PowerRail ── drops ──> PoweredThing: host, disk, disk ...    all at one moment
 *                               └ CutLots: of each write that is not on the medium, what survives
 * </pre>
 *
 * <p>No threads and no clock; all chance comes from the seed that a cut is given, and from that of a device that lies,
 * so every outcome can be repeated.
 */
package io.farblock.powersim;
