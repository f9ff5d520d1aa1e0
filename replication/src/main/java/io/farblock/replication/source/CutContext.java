package io.farblock.replication.source;

import io.farblock.replication.Quiesce;
import org.agrona.concurrent.NanoClock;

/** What a cut works with. The parts belong to the capture thread. */
record CutContext(
    SourceGroup group, SourceRing ring, CaptureStage capture, AckTracker acks, Quiesce quiesce, NanoClock clock)
{
}
