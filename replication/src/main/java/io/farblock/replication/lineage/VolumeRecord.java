package io.farblock.replication.lineage;

/**
 * What must be known of a volume's copy before its digest table can be believed.
 *
 * @param sizeBytes   of the volume.
 * @param blockBytes  unit of the digests; fixed for the volume's life.
 * @param sealedEpoch newest epoch that is sealed and whose digests are in the table; 0 before the first.
 * @param root        hexadecimal root of that epoch.
 * @param settled     false while digests are being moved into the table: its inner nodes may be stale then.
 * @param windowFirst first block of the range where the device may differ from its table without anybody knowing: where
 *                    a replica is being seeded, or all of a source until its first epoch is sealed.
 * @param windowCount blocks in that range; 0 for none.
 */
public record VolumeRecord(
    long sizeBytes,
    int blockBytes,
    long sealedEpoch,
    String root,
    boolean settled,
    long windowFirst,
    long windowCount)
{
    public VolumeRecord sealed(final long epoch, final String newRoot)
    {
        return new VolumeRecord(sizeBytes, blockBytes, epoch, newRoot, true, 0, 0);
    }

    public VolumeRecord unsettled()
    {
        return new VolumeRecord(sizeBytes, blockBytes, sealedEpoch, root, false, windowFirst, windowCount);
    }

    public VolumeRecord window(final long first, final long count)
    {
        return new VolumeRecord(sizeBytes, blockBytes, sealedEpoch, root, settled, first, count);
    }
}
