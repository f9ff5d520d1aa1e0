package io.farblock.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EngineSlotTest
{
    private final FakeEngine engine = new FakeEngine();
    private final AtomicInteger rests = new AtomicInteger();
    private final AtomicInteger restsEnded = new AtomicInteger();
    private RuntimeException launchFails;
    private final EngineSlot slot = new EngineSlot(unused ->
    {
        if (launchFails != null)
        {
            throw launchFails;
        }
        return engine;
    }, unused ->
    {
        rests.incrementAndGet();
        return restsEnded::incrementAndGet;
    });

    @Test
    void shouldKeepTheMarksOfAnEngineThatCouldNotBeClosedWell()
    {
        slot.launch(null);
        engine.onClose = () ->
        {
            throw new IllegalStateException("a disk is gone");
        };

        assertThatThrownBy(() -> slot.rest(null, "low")).hasMessage("a disk is gone");

        assertThat(slot.isRunning()).isFalse();
        assertThat(rests).hasValue(1);
        slot.close();
        assertThat(restsEnded).hasValue(1);
    }

    @Test
    void shouldKeepTheMarksWhenItCannotBeLaunchedAgain()
    {
        slot.launch(null);
        slot.rest(null, "low");
        launchFails = new IllegalStateException("no such device");

        assertThatThrownBy(() -> slot.launch(null)).hasMessage("no such device");

        assertThat(rests).hasValue(2);
        assertThat(restsEnded).hasValue(1);
        launchFails = null;
        slot.launch(null);
        assertThat(restsEnded).hasValue(2);
        assertThat(slot.isRunning()).isTrue();
    }

    @Test
    void shouldLaunchNothingOnceItIsClosed()
    {
        slot.launch(null);
        slot.close();

        assertThatThrownBy(() -> slot.launch(null)).hasMessage("the daemon stops");
        slot.rest(null, "low");

        assertThat(engine.closes).hasValue(1);
        assertThat(rests).hasValue(0);
    }
}
