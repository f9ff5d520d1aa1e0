package io.farblock.daemon.power.nut;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a line, and back. Words stand apart by spaces; one in quotes may hold spaces, {@code \"} and
 * {@code \\}:
 *
 * <pre>
 *   VAR lab ups.mfr "The \"Great\" \\ Small"
 * </pre>
 *
 * Stateless.
 */
final class NutWords
{
    private static final int MOST_WORDS = 16;

    private NutWords()
    {
    }

    /** The words of a line; none for a line that is empty, breaks the rules, or has more than any answer has. */
    static List<String> of(final String line)
    {
        final List<String> words = new ArrayList<>();
        final StringBuilder word = new StringBuilder();
        int at = skipSpaces(line, 0);
        while (at < line.length())
        {
            word.setLength(0);
            at = line.charAt(at) == '"' ? quoted(line, at + 1, word) : bare(line, at, word);
            if (at < 0 || words.size() == MOST_WORDS)
            {
                return List.of();
            }
            words.add(word.toString());
            at = skipSpaces(line, at);
        }
        return words;
    }

    /** A word as it is sent. */
    static String sent(final String word)
    {
        final String escaped = word.replace("\\", "\\\\").replace("\"", "\\\"");
        final boolean isPlain = !word.isEmpty() && escaped.equals(word) && word.indexOf(' ') < 0 &&
            word.indexOf('#') < 0;
        return isPlain ? word : '"' + escaped + '"';
    }

    /** @return the first character behind the closing quote, or -1 when there is none, or something hangs on it. */
    private static int quoted(final String line, final int begin, final StringBuilder word)
    {
        int at = begin;
        while (at < line.length() && line.charAt(at) != '"')
        {
            at = unescape(line, at, word);
            if (at < 0)
            {
                return -1;
            }
        }
        final int end = at + 1;
        return end < line.length() && line.charAt(end) != ' ' || at >= line.length() ? -1 : end;
    }

    private static int bare(final String line, final int begin, final StringBuilder word)
    {
        int at = begin;
        while (at < line.length() && line.charAt(at) != ' ')
        {
            if (line.charAt(at) == '"')
            {
                return -1;
            }
            at = unescape(line, at, word);
            if (at < 0)
            {
                return -1;
            }
        }
        return at;
    }

    /** Takes one character, or a backslash and the one behind it. */
    private static int unescape(final String line, final int begin, final StringBuilder word)
    {
        final int at = line.charAt(begin) == '\\' ? begin + 1 : begin;
        if (at == line.length())
        {
            return -1;
        }
        word.append(line.charAt(at));
        return at + 1;
    }

    private static int skipSpaces(final String line, final int begin)
    {
        int at = begin;
        while (at < line.length() && line.charAt(at) == ' ')
        {
            at++;
        }
        return at;
    }
}
