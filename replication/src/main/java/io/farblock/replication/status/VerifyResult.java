package io.farblock.replication.status;

import java.util.List;

/**
 * What an online compare of both sides found.
 *
 * @param group         the group that was compared.
 * @param epoch         the sealed epoch that was compared.
 * @param equal         no damage and equal digests: the replica holds exactly the sealed epoch.
 * @param checkedBytes  read back and hashed on the target.
 * @param damaged       one line for each damaged range on the target: volume, offset, length.
 * @param pendingBytes  of blocks on the source that differ from the sealed epoch: not yet replicated, not damage.
 * @param repaired      whether the damaged ranges were sent again and the group was sealed after that.
 * @param reason        empty, or why the compare could not be done.
 */
public record VerifyResult(
    String group,
    long epoch,
    boolean equal,
    long checkedBytes,
    List<String> damaged,
    long pendingBytes,
    boolean repaired,
    String reason)
{
}
