package io.farblock.powersim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What was said to be so, in order: what was asked for, what was acknowledged. A fact is a small record of the
 * component's own, of numbers and texts, equal to another that says the same. One thread.
 */
public final class Witness
{
    private final List<Object> facts;
    private final Consumer<Object> listener;

    /** @param listener is told each new one before it counts. */
    Witness(final List<Object> before, final Consumer<Object> listener)
    {
        this.facts = new ArrayList<>(before);
        this.listener = listener;
    }

    /** It is so from now on: whoever heard of it must not find otherwise after a cut. */
    public void note(final Object fact)
    {
        listener.accept(fact);
        facts.add(fact);
    }

    /** All, oldest first. */
    public List<Object> facts()
    {
        return List.copyOf(facts);
    }

    /** Those of one type, oldest first. */
    public <T> List<T> facts(final Class<T> type)
    {
        return stream(type).toList();
    }

    /** The newest of one type, or {@code otherwise}. */
    public <T> T newest(final Class<T> type, final T otherwise)
    {
        return stream(type).reduce(otherwise, (older, newer) -> newer);
    }

    private <T> Stream<T> stream(final Class<T> type)
    {
        return facts.stream().filter(type::isInstance).map(type::cast);
    }
}
