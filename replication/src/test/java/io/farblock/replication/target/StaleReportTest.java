package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.Wakeup;
import io.farblock.replication.paths.FakeConnection;
import io.farblock.replication.wire.sbe.AttemptState;
import org.junit.jupiter.api.Test;

/**
 * A source dies and begins again, and the target still works off what the old life sent. What comes of that must not be
 * told to the new life, whose attempts have the same numbers: it would wait for ever, or believe another epoch's seal.
 */
class StaleReportTest
{
    private static final AttemptReport OLD = new AttemptReport(3, AttemptState.REFUSED, true, "its session is over");

    private final TargetRing ring = new TargetRing(1 << 20, 65536, 1);
    private final TargetWriter writer = new TargetWriter();
    private final PeerReceiver receiver = new PeerReceiver("alpha", ring, 1, writer, new Wakeup());
    private final TargetConnection connection = new TargetConnection(null, () -> 0, writer);

    @Test
    void shouldNotTellANewSessionWhatBecameOfTheOld()
    {
        connection.onOpened(new FakeConnection());
        assertThat(receiver.join(connection, 1, 1, 65536)).isEmpty();
        applyUpToTheCursor();
        receiver.report(OLD);
        assertThat(receiver.report()).isEqualTo(OLD);
        receiver.leave(connection, "killed");

        assertThat(receiver.join(connection, 2, 2, 65536)).isEmpty();
        final AttemptReport before = receiver.report();
        // The apply stage is late: it comes to this only now, and to the mark of the new session after it.
        receiver.report(OLD);
        final AttemptReport meanwhile = receiver.report();
        receiver.report(AttemptReport.NONE);
        applyUpToTheCursor();
        final AttemptReport now = new AttemptReport(1, AttemptState.OPEN, true, "");
        receiver.report(now);

        assertThat(before).isEqualTo(AttemptReport.NONE);
        assertThat(meanwhile).isEqualTo(AttemptReport.NONE);
        assertThat(receiver.report()).isEqualTo(now);
    }

    private void applyUpToTheCursor()
    {
        ring.applied.set(ring.ring.getCursor());
    }
}
