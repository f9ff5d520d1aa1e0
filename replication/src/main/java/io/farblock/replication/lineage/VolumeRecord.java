package io.farblock.replication.lineage;

/**
 * What must be known of a volume's copy before its digest table can be believed.
 *
 * @param sizeBytes   of the volume.
 * @param blockBytes  unit of the digests; fixed for the volume's life.
 * @param sealedEpoch newest epoch that is sealed and whose digests are in the table; 0 before the first.
 * @param root        hexadecimal root of that epoch.
 * @param consistency how its bytes belong together.
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
    Consistency consistency,
    boolean settled,
    long windowFirst,
    long windowCount)
{
    /** Of a volume of which nothing is sealed yet. */
    public static VolumeRecord fresh(
        final long sizeBytes, final int blockBytes, final long windowFirst, final long windowCount)
    {
        return new VolumeRecord(sizeBytes, blockBytes, 0, "", Consistency.FUZZY, true, windowFirst, windowCount);
    }

    /** Blocks of the volume; the last one may be shorter. */
    public long blocks()
    {
        return (sizeBytes + blockBytes - 1) / blockBytes;
    }

    public VolumeRecord sealed(final long epoch, final String newRoot, final Consistency newConsistency)
    {
        return new VolumeRecord(sizeBytes, blockBytes, epoch, newRoot, newConsistency, true, 0, 0);
    }

    public VolumeRecord unsettled()
    {
        return new VolumeRecord(sizeBytes, blockBytes, sealedEpoch, root, consistency, false, windowFirst,
            windowCount);
    }

    public VolumeRecord window(final long first, final long count)
    {
        return new VolumeRecord(sizeBytes, blockBytes, sealedEpoch, root, consistency, settled, first, count);
    }
}
