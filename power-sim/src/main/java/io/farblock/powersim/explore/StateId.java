package io.farblock.powersim.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * What makes one state again: {@code journal:42:17:5} is the 5th choice of the 17th cut of the run of seed 42;
 * {@code journal:42:17:5/3:0} what the 3rd cut in the recovery from that left by its choice 0. An immutable value.
 */
public record StateId(String component, long seed, List<Cut> cuts)
{
    /** Where the power went, by events of the trace, and what became of what was not durable. */
    public record Cut(int at, long choice)
    {
    }

    public StateId
    {
        cuts = List.copyOf(cuts);
    }

    /** Cut once more, in the recovery. */
    StateId then(final int at, final long choice)
    {
        final List<Cut> longer = new ArrayList<>(cuts);
        longer.add(new Cut(at, choice));
        return new StateId(component, seed, longer);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException when it is none; the message says what is expected.
     */
    public static StateId parse(final String text)
    {
        final int first = text.indexOf(':');
        final int second = text.indexOf(':', first + 1);
        try
        {
            final List<Cut> cuts = new ArrayList<>();
            for (final String cut : text.substring(second + 1).split("/"))
            {
                final String[] parts = cut.split(":");
                cuts.add(new Cut(Integer.parseInt(parts[0]), Long.parseLong(parts[1])));
            }
            return new StateId(text.substring(0, first), Long.parseLong(text.substring(first + 1, second)), cuts);
        }
        catch (final IndexOutOfBoundsException | NumberFormatException ex)
        {
            throw new IllegalArgumentException("\"" + text + "\" is no state; expected component:seed:cut:choice, " +
                "as a violation is reported", ex);
        }
    }

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder(component).append(':').append(seed);
        for (int i = 0; i < cuts.size(); i++)
        {
            text.append(i == 0 ? ':' : '/').append(cuts.get(i).at()).append(':').append(cuts.get(i).choice());
        }
        return text.toString();
    }
}
