package io.farblock.replication;

import java.util.List;

/**
 * How a volume's snapshot is made. Immutable.
 *
 * @param kind   who makes it.
 * @param create for {@link Kind#HOOK}: the command that makes it and prints the path to read, else empty.
 * @param remove for {@link Kind#HOOK}: the command that removes it, else empty.
 * @param size   for {@link Kind#LVM}: room for what is overwritten meanwhile, as lvcreate takes it.
 */
public record SnapshotPlan(Kind kind, List<String> create, List<String> remove, String size)
{
    /** Who makes it. */
    public enum Kind
    {
        /** The file system of an image file: btrfs or XFS, by sharing its blocks. */
        REFLINK,
        /** LVM, by its commands. */
        LVM,
        /** The operator's commands. */
        HOOK
    }

    /** By the file system of an image file. */
    public static SnapshotPlan reflink()
    {
        return new SnapshotPlan(Kind.REFLINK, List.of(), List.of(), "");
    }
}
