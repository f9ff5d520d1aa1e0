package io.farblock.powersim.plan;

import java.util.List;

/**
 * What a command line says, as the file would say it: one entry of a list, so that the words are those of files, and so
 * are the checks. Stateless.
 */
public final class SettingText
{
    private SettingText()
    {
    }

    /**
     * @param list     the name of the list that gets the entry.
     * @param settings each "key=value".
     * @throws IllegalArgumentException for one that is none, with a message for people.
     */
    public static String entry(final String list, final List<String> settings)
    {
        final StringBuilder text = new StringBuilder("[[" + list + "]]\n");
        for (final String setting : settings)
        {
            final int at = setting.indexOf('=');
            if (at < 1 || !setting.substring(0, at).matches("[a-z-]+"))
            {
                throw new IllegalArgumentException("\"" + setting + "\" is no setting; expected key=value, with the " +
                    "keys of a " + list + " in a file");
            }
            text.append(setting, 0, at).append(" = ").append(value(setting.substring(at + 1))).append('\n');
        }
        return text.toString();
    }

    private static String value(final String text)
    {
        return text.matches("-?\\d{1,18}(\\.\\d{1,9})?|true|false") ? text : '"' +
            text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
