package io.farblock.daemon.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Guesses which key somebody meant. Stateless.
 */
final class NearestKey
{
    private NearestKey()
    {
    }

    /** Advice for an unknown key of a table. */
    static String advice(final Section section, final String unknown)
    {
        final List<String> known = known(section);
        String nearest = "";
        int distance = Integer.MAX_VALUE;
        for (final String candidate : known)
        {
            final int candidateDistance = distance(unknown, candidate);
            if (candidateDistance < distance)
            {
                distance = candidateDistance;
                nearest = candidate;
            }
        }
        return distance <= Math.max(2, nearest.length() / 3) ? "did you mean " + nearest + "?" : "remove it";
    }

    /** Keys and inner tables of a table. */
    static List<String> known(final Section section)
    {
        final List<String> known = new ArrayList<>();
        for (final ConfigKey key : ConfigKey.values())
        {
            if (key.section() == section)
            {
                known.add(key.key());
            }
        }
        for (final Section child : Section.values())
        {
            if (child.isChildOf(section))
            {
                known.add(child.key());
            }
        }
        return known;
    }

    /** Levenshtein's edit distance, in two rows; an unknown key's length is bounded to keep it cheap. */
    private static int distance(final String left, final String right)
    {
        if (left.length() > 64)
        {
            return Integer.MAX_VALUE;
        }
        int[] previous = new int[right.length() + 1];
        int[] current = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++)
        {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++)
        {
            current[0] = i;
            for (int j = 1; j <= right.length(); j++)
            {
                final int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            final int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[right.length()];
    }
}
