package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What ties paths together, and what the target may say of it. */
class SourceSessionTest
{
    private final AtomicLong numbers = new AtomicLong();
    private final SourceSession session = new SourceSession(numbers::incrementAndGet);

    @Test
    void shouldGoOnWhenAcknowledgementsOvertookTheWelcomeOfAFarLine()
    {
        assertThat(session.welcomed(1, -1, 100, false)).isTrue();
        session.received(40);

        assertThat(session.welcomed(1, 12, 100, true)).isTrue();
        assertThat(session.receivedSequence()).isEqualTo(40);
    }

    @Test
    void shouldNotGoOnWithATargetThatForgotItOrIsAnother()
    {
        session.welcomed(1, -1, 100, false);

        assertThat(session.welcomed(1, -1, 100, false)).as("served another session since").isFalse();
        assertThat(session.welcomed(2, -1, 100, true)).as("another process").isFalse();
        final long serial = session.serial();
        session.renew();
        assertThat(session.serial()).isGreaterThan(serial);
        assertThat(session.welcomed(2, -1, 100, false)).isTrue();
    }

    @Test
    void shouldKnowWhatHasArrivedBeyondAHoleUntilItIsToldAnew()
    {
        session.welcomed(1, -1, 100, false);
        session.received(4);
        session.range(7, 2);
        session.range(20, 1);

        for (final long arrived : new long[]{0, 4, 7, 8, 20})
        {
            assertThat(session.hasArrived(arrived)).as("%d", arrived).isTrue();
        }
        for (final long missing : new long[]{5, 6, 9, 19, 21})
        {
            assertThat(session.hasArrived(missing)).as("%d", missing).isFalse();
        }
        session.forgetRanges();
        assertThat(session.hasArrived(7)).isFalse();
    }

    @Test
    void shouldNotBelieveARunThatReachesBeyondAllNumbers()
    {
        session.welcomed(1, -1, 100, false);
        session.range(Long.MAX_VALUE - 1, 100);
        session.range(Long.MIN_VALUE, 0xFFFF_FFFFL);

        assertThat(session.hasArrived(0)).isFalse();
        assertThat(session.hasArrived(50)).isFalse();
    }
}
