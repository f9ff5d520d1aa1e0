package io.farblock.powersim.nut;

import io.farblock.powersim.ups.Communication;
import io.farblock.powersim.ups.SimUps;
import io.farblock.powersim.ups.UpsSpec;
import java.util.List;
import java.util.function.Function;

/** One UPS called "ups" whose time stands still unless a test moves it. */
final class FakeSource implements NutSource
{
    final SimUps ups = new SimUps(UpsSpec.builder("ups").description("A \"simulated\" one").conclude(), 0);

    @Override
    public List<String> names()
    {
        return List.of("ups");
    }

    @Override
    public synchronized <T> T ask(final String name, final Function<SimUps, T> question)
    {
        return question.apply(ups);
    }

    @Override
    public synchronized Communication communication()
    {
        return ups.communication() == Communication.HANG ? Communication.HANG : Communication.GOOD;
    }
}
