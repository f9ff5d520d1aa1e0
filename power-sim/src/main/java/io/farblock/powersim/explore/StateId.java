package io.farblock.powersim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What makes one state again: {@code journal:42:17:5} is the 5th choice of the 17th cut of the run of seed 42;
 * {@code journal:42:17:5/3:0} what the 3rd cut in the recovery from that left by its choice 0. An immutable value.
 */
public record StateId(String component, long seed, List<Cut> cuts)
{
    private static final Pattern FORM = Pattern.compile("([^:]+):(-?\\d+):(\\d+:\\d+(?:/\\d+:\\d+)*)");

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
        final Matcher matcher = FORM.matcher(text);
        if (!matcher.matches())
        {
            throw noState(text, null);
        }
        try
        {
            final List<Cut> cuts = new ArrayList<>();
            for (final String cut : matcher.group(3).split("/"))
            {
                final int colon = cut.indexOf(':');
                cuts.add(new Cut(
                    Integer.parseInt(cut.substring(0, colon)), Long.parseLong(cut.substring(colon + 1))));
            }
            return new StateId(matcher.group(1), Long.parseLong(matcher.group(2)), cuts);
        }
        catch (final NumberFormatException tooLarge)
        {
            throw noState(text, tooLarge);
        }
    }

    private static IllegalArgumentException noState(final String text, final Throwable cause)
    {
        return new IllegalArgumentException("\"" + text + "\" is no state; expected component:seed:cut:choice, " +
            "as a violation is reported", cause);
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
