package io.farblock.powersim.nut;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words and quotes them: a word with spaces stands in double quotes, a backslash takes the next
 * character as it is. Stateless.
 */
final class NutWords
{
    private NutWords()
    {
    }

    /** @throws IllegalArgumentException for a quote that does not end. */
    static List<String> split(final String line)
    {
        final List<String> words = new ArrayList<>();
        final StringBuilder word = new StringBuilder();
        boolean isInWord = false;
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++)
        {
            final char c = line.charAt(i);
            if (c == '"')
            {
                isQuoted = !isQuoted;
                isInWord = true;
            }
            else if (c == '\\' && i + 1 < line.length())
            {
                word.append(line.charAt(++i));
                isInWord = true;
            }
            else if (isQuoted || c != ' ' && c != '\t' && c != '\r')
            {
                word.append(c);
                isInWord = true;
            }
            else if (isInWord)
            {
                words.add(word.toString());
                word.setLength(0);
                isInWord = false;
            }
        }
        if (isQuoted)
        {
            throw new IllegalArgumentException("a quote without an end");
        }
        if (isInWord)
        {
            words.add(word.toString());
        }
        return words;
    }

    static String quoted(final String text)
    {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
