package io.farblock.raidsim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Time that jumps, time that parks, and time that stands still while many are asked at once. */
class SimTimeTest
{
    private final VirtualTime virtual = new VirtualTime();
    private final PhasedTime phased = new PhasedTime(virtual);

    @Test
    void shouldJumpForwardAndNeverBack()
    {
        virtual.until(70);
        virtual.until(50);

        assertThat(virtual.nowNs()).isEqualTo(70);
    }

    @Test
    void shouldParkUntilTheClockSaysSo()
    {
        final AtomicLong asked = new AtomicLong();
        final ParkedTime parked = new ParkedTime(() -> asked.getAndAdd(1_000));

        parked.until(10_000);

        assertThat(asked.get()).isBetween(11_000L, 12_000L);
    }

    @Test
    void shouldNotParkAnInterruptedThread()
    {
        final ParkedTime parked = new ParkedTime(() -> 0);
        Thread.currentThread().interrupt();

        parked.until(Long.MAX_VALUE);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void shouldTakeAsLongAsTheSlowestOfAPhase()
    {
        phased.begin();
        phased.until(50);
        phased.until(90);
        phased.until(70);
        final long inside = phased.nowNs();
        phased.end();

        assertThat(inside).isZero();
        assertThat(virtual.nowNs()).isEqualTo(90);
    }

    @Test
    void shouldAddUpThePhasesOfOneRequest()
    {
        for (int phase = 0; phase < 2; phase++)
        {
            phased.begin();
            phased.until(phased.nowNs() + 40);
            phased.until(phased.nowNs() + 30);
            phased.end();
        }

        assertThat(virtual.nowNs()).isEqualTo(80);
    }

    @Test
    void shouldRunRequestsOfTwoPhasesAtOnceInsideAPhase()
    {
        phased.begin();
        for (int request = 0; request < 2; request++)
        {
            phased.restart();
            for (int phase = 0; phase < 2; phase++)
            {
                phased.begin();
                phased.until(phased.nowNs() + 40 + request);
                phased.end();
            }
        }
        phased.end();

        assertThat(virtual.nowNs()).isEqualTo(82);
    }

    @Test
    void shouldKeepThePhasesOfThreadsApart() throws InterruptedException
    {
        phased.begin();
        phased.until(100);
        final Thread other = new Thread(() -> phased.until(30));

        other.start();
        other.join();

        assertThat(virtual.nowNs()).isEqualTo(30);
        phased.end();
        assertThat(virtual.nowNs()).isEqualTo(100);
    }

    @Test
    void shouldWaitAtOnceOutsideOfPhasesAndRefuseToEndNone()
    {
        phased.until(20);

        assertThat(phased.nowNs()).isEqualTo(20);
        assertThatThrownBy(phased::end).isInstanceOf(IllegalStateException.class).hasMessageContaining("begin()");
    }
}
