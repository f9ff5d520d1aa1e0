package io.farblock.daemon.power;

import java.util.Map;

/**
 * Something was seen or decided. Immutable.
 *
 * @param atMs    in ms since 1970.
 * @param kind    one word or two: state, ups, drain, wait, stand-down, ...
 * @param numbers what it rests on, in the order in which it is shown; durations in seconds, sizes in bytes.
 */
public record PowerEvent(long atMs, String kind, Map<String, String> numbers)
{
    /** {@code drain group=vms estimate_s=4 budget_s=231}. */
    public String text()
    {
        final StringBuilder text = new StringBuilder(kind);
        numbers.forEach((key, value) -> text.append(' ').append(key).append('=')
            .append(value.isEmpty() || value.indexOf(' ') >= 0 ? '"' + value + '"' : value));
        return text.toString();
    }
}
