/**
 * The source's end: reads what changed, sends it, and forgets a change only when the target has sealed it.
 *
 * <p>Flow: {@code EpochAgent} decides (thread {@code src-capture}): {@code OpenPass} agrees with the target on where it
 * stands, {@code SourceVolume} names what may have changed, a {@code Cut} decides how that comes to one instant and has
 * {@code CaptureStage} read it into the {@code SourceRing}, {@code HashStage} compares and numbers,
 * {@code CompressStage} makes frames, {@code SendStage} sends and is acknowledged, {@code ApplyWatch} follows what was
 * sealed. Durable after an epoch: the digest table of each volume and its record ({@code SourceTables}).
 *
 * <p>Beside them {@code MarksAgent} (thread {@code src-marks}) writes down once a second what the kernel has marked,
 * where md keeps a bitmap of what came later, and {@code EarlyTracking} begins and ends that where no daemon runs;
 * {@code ArraysAgent} (thread {@code src-arrays}) notes what becomes of the arrays below the volumes.
 */
package io.farblock.replication.source;
