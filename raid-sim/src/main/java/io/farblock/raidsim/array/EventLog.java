package io.farblock.raidsim.array;

import io.farblock.raidsim.array.ArrayEvent.Kind;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The last {@value #KEPT} events of an array, and whoever listens. Thread safe; a listener is called with them. */
final class EventLog
{
    static final int KEPT = 1000;

    private final ArrayDeque<ArrayEvent> kept = new ArrayDeque<>();
    private final LongSupplier epochSeconds;
    private final Consumer<ArrayEvent> listener;

    EventLog(final LongSupplier epochSeconds, final Consumer<ArrayEvent> listener)
    {
        this.epochSeconds = epochSeconds;
        this.listener = listener;
    }

    synchronized void add(final Kind kind, final int slot, final String text)
    {
        final ArrayEvent event = new ArrayEvent(epochSeconds.getAsLong(), kind, slot, text);
        if (kept.size() == KEPT)
        {
            kept.removeFirst();
        }
        kept.addLast(event);
        listener.accept(event);
    }

    synchronized List<ArrayEvent> events()
    {
        return List.copyOf(kept);
    }
}
