package io.farblock.replication.target;

import io.farblock.replication.wire.sbe.AttemptState;

/** What the source is told of the newest attempt, with every acknowledgement, until there is a newer one. */
record AttemptReport(long attempt, AttemptState state, boolean retryable, String reason)
{
    static final AttemptReport NONE = new AttemptReport(0, AttemptState.NONE, true, "");
    private static final int REASON_LIMIT = 1000;

    AttemptReport
    {
        reason = reason.length() <= REASON_LIMIT ? reason : reason.substring(0, REASON_LIMIT);
    }
}
