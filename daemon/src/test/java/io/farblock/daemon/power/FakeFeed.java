package io.farblock.daemon.power;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** UPSes of which the test says what they say; each answer is new when it is asked for. One thread. */
final class FakeFeed implements UpsFeed
{
    private final LongSupplier clock;
    private final List<UpsConfig> configs;
    private final List<UpsState> states = new ArrayList<>();
    private final List<Long> heard = new ArrayList<>();
    private final List<Long> runtimes = new ArrayList<>();
    boolean replaceBattery;
    boolean closed;
    RuntimeException broken;

    FakeFeed(final LongSupplier clock, final List<UpsConfig> configs)
    {
        this.clock = clock;
        this.configs = configs;
        configs.forEach(config ->
        {
            states.add(UpsState.ONLINE);
            heard.add(clock.getAsLong());
            runtimes.add(600_000_000_000L);
        });
    }

    void say(final int ups, final UpsState state)
    {
        if (state == UpsState.UNKNOWN && states.get(ups) != UpsState.UNKNOWN)
        {
            heard.set(ups, clock.getAsLong());
        }
        states.set(ups, state);
    }

    void runtime(final int ups, final long seconds)
    {
        runtimes.set(ups, seconds < 0 ? -1 : seconds * 1_000_000_000L);
    }

    @Override
    public List<UpsStatus> upses()
    {
        if (broken != null)
        {
            throw broken;
        }
        final List<UpsStatus> upses = new ArrayList<>();
        for (int i = 0; i < states.size(); i++)
        {
            final boolean silent = states.get(i) == UpsState.UNKNOWN;
            upses.add(new UpsStatus(configs.get(i).name(), states.get(i), replaceBattery, configs.get(i).powerValue(),
                80, runtimes.get(i), 40, silent ? "" : states.get(i).name(), 0,
                silent ? heard.get(i) : clock.getAsLong(), silent ? "nobody answers" : ""));
        }
        return upses;
    }

    @Override
    public void close()
    {
        closed = true;
    }
}
