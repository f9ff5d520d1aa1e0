package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.source.SourceSession.AttemptReport;
import io.farblock.replication.source.SourceSession.AttemptReport.State;
import org.junit.jupiter.api.Test;

/**
 * The target repeats what it knows of the newest attempt with every acknowledgement. After a source was killed that may
 * be an attempt of its earlier life, applied in the meantime: believing it would forget granules that never arrived.
 */
final class StaleAttemptTest
{
    private final SourceSession session = new SourceSession(() -> 7);

    @Test
    void shouldNotBelieveWhatIsSaidOfAnotherAttempt()
    {
        session.expect(2);

        session.report(new AttemptReport(1, State.APPLIED, true, ""));
        session.report(new AttemptReport(3, State.SEALED, true, ""));

        assertThat(session.report().state()).isEqualTo(State.NONE);
    }

    @Test
    void shouldFollowTheAttemptThatIsExpected()
    {
        session.report(new AttemptReport(2, State.APPLIED, true, ""));
        session.expect(2);

        session.report(new AttemptReport(2, State.OPEN, true, ""));
        session.report(new AttemptReport(2, State.SEALED, true, ""));
        session.report(new AttemptReport(2, State.OPEN, true, ""));

        assertThat(session.report()).isEqualTo(new AttemptReport(2, State.SEALED, true, ""));
    }

    @Test
    void shouldHearWhyASealedAttemptIsNotApplied()
    {
        session.expect(2);

        session.report(new AttemptReport(2, State.SEALED, true, ""));
        session.report(new AttemptReport(2, State.SEALED, true, "the device refuses"));

        assertThat(session.report().reason()).isEqualTo("the device refuses");
    }
}
