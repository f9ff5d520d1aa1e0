package io.farblock.replication.target;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What a target needs to know. Concluded by the daemon's configuration; nothing here does I/O.
 *
 * @param site              name of this site.
 * @param stateDirectory    where journals, digest tables and lineage are kept.
 * @param listen            addresses to accept paths on.
 * @param replicas          what may be received, and where it goes; everything else is refused.
 * @param journalLimitBytes how much an epoch may put into the journal; a larger one is refused, naming this limit.
 * @param reserveBytes      free space that must remain on the journal's file system.
 * @param verifiers         verify threads, at least one.
 * @param windowBytes       of blocks that a peer may have in flight: bounds memory, once for each peer.
 * @param maxBlockBytes     the largest block that is accepted.
 */
public record TargetConfig(
    String site,
    Path stateDirectory,
    List<InetSocketAddress> listen,
    List<Replica> replicas,
    long journalLimitBytes,
    long reserveBytes,
    int verifiers,
    int windowBytes,
    int maxBlockBytes)
{
    /**
     * The local end of one volume of one peer.
     *
     * @param device      a block device, or an image file that is made when it does not exist.
     * @param overwriteId what the operator typed to let this device's present content be overwritten; empty if nothing.
     */
    public record Replica(String peer, String group, String volume, Path device, String overwriteId)
    {
    }
}
