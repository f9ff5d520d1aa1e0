package io.farblock.powersim.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes maps, lists, texts, numbers and truth values as JSON, on one line. Stateless. */
public final class JsonText
{
    private JsonText()
    {
    }

    public static String of(final Object value)
    {
        if (value instanceof Map<?, ?> map)
        {
            return map.entrySet().stream().map((entry) -> of(String.valueOf(entry.getKey())) + ":" +
                of(entry.getValue())).collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list)
        {
            return list.stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof String text ? quoted(text) :
            value instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : String.valueOf(value);
    }

    private static String quoted(final String text)
    {
        final StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\')
            {
                quoted.append('\\').append(c);
            }
            else if (c < ' ')
            {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int)c));
            }
            else
            {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
