package io.farblock.daemon.demo;

import io.farblock.replication.status.EpochResult;
import java.util.List;

/**
 * What came of it. Immutable.
 *
 * @param rounds  one for each epoch, in order.
 * @param equal   whether both devices hold the same bytes.
 * @param verdict one line about that.
 */
public record DemoReport(List<Round> rounds, boolean equal, String verdict)
{
    /** One epoch: what happened to it, how many bytes had been changed before it (-1: all of them), how it ended. */
    public record Round(String what, long writtenBytes, EpochResult result)
    {
    }
}
