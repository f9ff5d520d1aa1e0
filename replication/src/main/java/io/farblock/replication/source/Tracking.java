package io.farblock.replication.source;

/** How a volume's changes are found. */
public enum Tracking
{
    /** All of its data is read and compared with the digests of the last sealed epoch. */
    SCAN,
    /** Programs in the kernel mark what is written; only that is read. Needs a block device. */
    BPF
}
